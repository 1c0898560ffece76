"""What happened between a provider and one reseller, as the provider's side reads it."""

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partners.models import Partnership, PartnershipRequest
from portal.audit.models import AuditEntry

SHOWN = 20


def history(partnership, membership):
    """The latest entries of a timeline: this partnership, earlier ones, and how each began."""
    between = Partnership.objects.visible_to(membership).filter(
        provider=partnership.provider_id, reseller=partnership.reseller_id
    )
    pairs = list(between.values_list("pk", "request"))
    partnerships = [str(pk) for pk, _request in pairs]
    requests = [str(request) for _pk, request in pairs if request]
    about = _about(Partnership, partnerships) | _about(PartnershipRequest, requests)
    entries = AuditEntry.objects.visible_to(membership).filter(about).with_actors()
    return [_event(entry) for entry in entries[:SHOWN]]


def _about(model, ids):
    return Q(target_type=model._meta.label_lower, target_id__in=ids)


def _event(entry):
    who = entry.actor or _("the system")
    company = entry.acting_for.name if entry.acting_for else ""
    return {"title": capfirst(f"{who} {entry.words}"), "at": entry.at, "actor": company}
