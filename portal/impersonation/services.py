"""Beginning and ending to see the portal as somebody else."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from portal.accounts.backends import AccountBackend
from portal.audit.origin import coming_from
from portal.audit.services import record
from portal.impersonation.models import ViewAs
from portal.scope import OPERATOR, acting

KEY = "view_as"  # in the operator's session: the id of the ViewAs


class NotViewable(Exception):
    """This person can't be looked over the shoulder; the text says why."""


@transaction.atomic
def start(request, person, *, reason, may_write):
    """From the next request on the operator sees what ``person`` sees; one view at a time."""
    end_current(request)
    view = ViewAs.objects.create(
        operator=request.user,
        person=person,
        reason=reason,
        may_write=may_write,
        ends_at=now() + ViewAs.LENGTH,
    )
    _record("viewas.started", view, reason=reason, may_write=may_write)
    request.session[KEY] = view.pk
    return view


def end_current(request):
    """End what this session began, if anything; the operator sees their own again."""
    pk = request.session.pop(KEY, None)
    with acting(OPERATOR):
        running = ViewAs.objects.select_for_update().filter(pk=pk, ended_at=None)
        view = running.select_related("operator", "person").first() if pk else None
        if view:
            view.ended_at = min(now(), view.ends_at)
            view.save(update_fields=["ended_at"])
            _record("viewas.ended", view, minutes=_minutes(view.ended_at - view.started_at))
    return view


def end_at_sign_out(request, **signal):
    if request is not None and KEY in request.session:
        end_current(request)


def current(request):
    """The running ViewAs of this session and the person it is about, or None when it is over.

    Over it is by time, when the operator is none any more, or the person can't be looked at.
    """
    with acting(OPERATOR):
        found = ViewAs.objects.select_related("operator").filter(pk=request.session[KEY]).first()
    if not (found and found.is_running and found.operator_id == request.user.pk):
        return None
    person = AccountBackend().get_user(found.person_id)
    if not request.user.is_staff or why_not(person):
        return None
    found.person = person
    return found


def why_not(person):
    """Why nobody may see the portal as this user (None: they can't sign in): a word, or empty."""
    if person is None or not person.may_sign_in:
        return "closed"
    if person.is_staff or person.is_superuser:
        return "operator"
    return "" if person.places else "homeless"


def _record(action, view, **details):
    with coming_from(operator_id=view.operator_id):
        record(action, actor=None, target=view, **details)


def _minutes(length):
    return round(length / timedelta(minutes=1))
