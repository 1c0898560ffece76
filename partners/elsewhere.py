"""Open requests whose recipient has become a partner by another link in the meantime.

Their state stays as it is: nobody has answered them. But nobody is reminded of them either.
"""

from django.db.models import Q

from partners.models import Partnership


def partnership_with_recipient(request):
    """The provider's active Partnership with the company behind the request's address, or None.

    That is the company that accepted a request to the same address, of which somebody with that
    address is a member, or which gives it as its contact. For the provider's own scope.
    """
    address = request.recipient
    if not address:
        return None
    theirs = (
        Q(request__recipient__iexact=address)
        | Q(reseller__partner__email__iexact=address)
        | Q(reseller__memberships__user__email__iexact=address)
    )
    active = Partnership.objects.active().filter(provider=request.provider_id)
    return active.filter(theirs).select_related("reseller").order_by("pk").first()
