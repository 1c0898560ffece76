"""Who is told what of order requests, by mail and on Home."""

from portal.links import reverse
from portal.notices.services import notify


def order_asked(request):
    """The reseller asks: the provider's people who can order want to know."""
    wanted = "\n".join(f"{quantity} × {offer.name}" for offer, quantity in request.offers())
    facts = {"person": str(request.asked_by), "note": request.note, "wanted": wanted}
    _tell("order_asked", request, request.provider, **facts)


def order_decided(request):
    """The reseller reads the answer."""
    answer = {"person": str(request.decided_by), "reason": request.decline_reason}
    answer["order"] = request.order.reference if request.order else ""
    _tell(f"order_{request.status}", request, request.asked_for, **answer)


def order_withdrawn(request):
    """There is nothing to decide any more."""
    _tell("order_withdrawn", request, request.provider)


def order_expired(request):
    """Nobody answered: the reseller may ask again, and the provider sees what it missed."""
    _tell("order_expired", request, request.asked_for)
    _tell("order_missed", request, request.provider)


def _tell(kind, request, organization, **facts):
    notify(
        kind,
        organization=organization,
        about=f"orderrequest:{request.pk}",
        path=reverse("subscriptions:order_request", request.pk, organization=organization),
        customer=request.customer.company_name,
        provider=request.provider.name,
        reseller=request.asked_for.name,
        **facts,
    )
