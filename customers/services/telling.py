"""Who is told what of relationship requests and customers, by mail and on Home."""

from customers.models import DelegatedAdmin
from portal.audit.models import AuditEntry
from portal.links import reverse
from portal.notices.services import notify
from portal.scope import acting

SENDING = ("relationshiprequest.sent", "relationshiprequest.extended")


def relationship_accepted(request, customer):
    """The customer said yes: whoever asked wants to know, and so does the company it asked for."""
    facts = _answer_of(request) | {
        "provider": request.provider.name,
        "reseller": request.reseller.name if request.reseller else "",
        "administrators": _administrators(customer),
    }
    page, asker = "customers:customer_account", request.asked_by
    path = reverse(page, customer.pk, organization=asker)
    _tell_askers("relationship_accepted", request, path=path, **facts)
    for company in request.asking:
        if company != asker:
            notify(
                "relationship_shared",
                organization=company,
                about=f"relationshiprequest:{request.pk}",
                path=reverse(page, customer.pk, organization=company),
                partner=asker.name,
                **facts,
            )


def relationship_declined(request):
    """The customer said no, perhaps with a reason."""
    facts = _answer_of(request) | {"reason": request.decline_reason}
    _tell_askers("relationship_declined", request, path=_page_of(request), **facts)


def relationship_expired(request):
    """Nobody answered in time."""
    _tell_askers(
        "relationship_expired",
        request,
        path=_page_of(request),
        recipient=request.recipient or request.reference,
        expires_at=request.expires_at,
    )


def customer_removed(customer, *, actor):
    """The provider ended the relationship: its people, the reseller's and the customer's learn it.

    The provider's own person is named to colleagues alone.
    """
    account, partners = "customers:customer_account", "customers:partner_list"
    told = [("customer_removed", customer.provider, account)]
    if customer.reseller_id:
        told.append(("customer_removed_by_provider", customer.reseller, account))
    told.append(("provider_left", customer.organization, partners))
    for kind, company, page in told:
        args = [customer.pk] if page == account else []
        person = {"person": str(actor.user)} if company == customer.provider else {}
        notify(
            kind,
            organization=company,
            about=f"customer:{customer.pk}:{customer.removed_at:%Y-%m-%dT%H:%M:%S.%f}",
            path=reverse(page, *args, organization=company),
            but_not=actor.user_id,
            provider=customer.provider.name,
            customer=customer.company_name,
            **person,
        )


def agreement_accepted(customer):
    """The provider sees on Home that orders need not wait any more."""
    account = "customers:customer_account"
    notify(
        "customer_agreed",
        organization=customer.provider,
        about=f"customer:{customer.pk}",
        path=reverse(account, customer.pk, organization=customer.provider),
        customer=customer.company_name,
    )


def _tell_askers(kind, request, *, path, **facts):
    """Tell the company that asked, by mail those who drafted the request and had it sent."""
    company = request.asked_by
    with acting(company.actor):  # the record of who sent it
        sent = AuditEntry.objects.about(request).filter(action__in=SENDING)
        senders = set(sent.values_list("actor_id", flat=True))
    notify(
        kind,
        organization=company,
        about=f"relationshiprequest:{request.pk}",
        path=path,
        people={request.created_by_id, *senders},
        reference=request.reference,
        **facts,
    )


def _answer_of(request):
    return {"customer": request.organization.name, "person": str(request.answered_by)}


def _administrators(customer):
    """The names of those that may administer the customer from now on."""
    rights = DelegatedAdmin.objects.granted().filter(customer=customer).select_related("partner")
    with acting(customer.provider.actor):
        return ", ".join(right.partner.name for right in rights.order_by("pk"))


def _page_of(request):
    return reverse("customers:relationship_detail", request.pk, organization=request.asked_by)
