"""Who is told what of license requests, by mail and on Home."""

from datetime import UTC, datetime, time

from customers.models import DelegatedAdmin
from partners.models import PartnerProfile
from portal.links import reverse
from portal.notices.services import notify


def licenses_asked(request):
    """The customer asks: those who can decide want to know."""
    for partner in deciding_companies(request):
        note = request.note
        _tell("licenses_asked", request, partner, person=str(request.asked_by), note=note)


def licenses_decided(request):
    """The customer reads the answer; the other partner sees on Home that there is one."""
    answer = {"partner": request.decided_for.name, "person": str(request.decided_by)}
    reason = request.decline_reason
    _tell(f"licenses_{request.status}", request, request.organization, reason=reason, **answer)
    for partner in _partners(request):
        if partner != request.decided_for:
            _tell(f"licenses_{request.status}_by_partner", request, partner, **answer)


def licenses_withdrawn(request):
    """There is nothing to decide any more."""
    for partner in deciding_companies(request):
        _tell("licenses_withdrawn", request, partner)


def licenses_expired(request):
    """Nobody answered: the customer may ask again, and the partners see what they missed."""
    _tell("licenses_expired", request, request.organization, partner=request.provider.name)
    for partner in deciding_companies(request):
        _tell("licenses_missed", request, partner)


def deciding_companies(request):
    """The companies whose people can approve: the provider, and the reseller where it may change
    licenses (decision 7)."""
    return managing_companies(request, request.subscription.customer_id)


def managing_companies(row, customer_id):
    """The partners of ``row`` whose people may change its customer's subscriptions."""
    return [
        partner
        for partner in _partners(row)
        if partner.pk == row.provider_id or _reseller_may_change(row, customer_id)
    ]


def _partners(row):
    return [company for company in (row.provider, row.reseller) if company]


def _reseller_may_change(row, customer_id):
    profiles = PartnerProfile.objects.filter(organization=row.provider_id)
    if not profiles.filter(resellers_manage_subscriptions=True).exists():
        return False
    rights = DelegatedAdmin.objects.granted().filter(customer=customer_id)
    return rights.filter(partner=row.reseller_id).exists()


def _tell(kind, request, organization, **facts):
    # Noon in Greenwich is the same day for every reader.
    due_at = request.due_on and datetime.combine(request.due_on, time(12), UTC)
    notify(
        kind,
        organization=organization,
        about=f"licenserequest:{request.pk}",
        path=reverse("subscriptions:license_request", request.pk, organization=organization),
        customer=request.organization.name,
        product=request.subscription.name,
        before=request.before,
        after=request.quantity,
        due_at=due_at,
        **facts,
    )
