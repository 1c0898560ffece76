"""Suspending an organization: its people go on reading, nothing more is done in its name.

What was promised before is still delivered, work under way is finished, and what others do about
their own rows goes on. ``OrganizationMiddleware`` refuses whatever its people send; what is
answered by a link, outside any organization, asks ``refuse_suspended``.
"""

from django.conf import settings
from django.db import transaction
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal.accounts.models import Organization
from portal.audit.services import record
from portal.lifecycle import InvalidTransition
from portal.parking import page_of, park_form


class Suspended(InvalidTransition):
    """Nothing is done by or with this organization at the moment."""

    def __init__(self, organization):
        self.organization = organization
        Exception.__init__(self, f"{organization!r} is suspended")

    @property
    def reason(self):
        return _("%(name)s is suspended at the moment.") % {"name": self.organization}


@transaction.atomic
def suspend(organization, *, operator, reason):
    """Close the organization for everything but reading; ``operator`` is the user who says so.

    Its own people read ``reason``. Returns False when that has been done already.
    """
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if locked.is_suspended:
        return False
    _write(locked, suspended_at=now(), suspension_reason=reason, suspended_by=operator)
    details = {"reason": reason, "operator": operator.pk}
    record("organization.suspended", actor=None, target=locked, **details)
    return True


@transaction.atomic
def lift(organization, *, operator):
    """Open it again. Returns False when that has been done already."""
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if not locked.is_suspended:
        return False
    _write(locked, suspended_at=None, suspension_reason="", suspended_by=None)
    record("organization.reopened", actor=None, target=locked, operator=operator.pk)
    return True


def refuse_suspended(*organizations):
    """Raise Suspended if one of the organizations (None counts for none) is suspended by now."""
    ids = [organization.pk for organization in organizations if organization]
    found = Organization.objects.filter(pk__in=ids, suspended_at__isnull=False).first()
    if found:
        raise Suspended(found)


def refusal(request):
    """The answer to what somebody sent in a suspended organization; what they typed is kept."""
    context = {
        "organization": request.membership.organization,
        "kept": park_form(request),
        "back_url": page_of(request),
        "contact": settings.SUPPORT_EMAIL,
    }
    return render(request, "errors/suspended.html", context, status=403)


def _write(organization, **fields):
    for name, value in fields.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(fields))
