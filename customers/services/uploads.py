"""Many users at once: a file is judged, then created in portions, each whole or not at all."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from customers import tasks
from customers.delegated import may_administer
from customers.models import Customer, CustomerUser, UserUpload, UserUploadRow
from customers.provisioning import directory
from customers.user_files import Line
from customers.user_verdicts import Judge, account_name
from portal.accounts.models import Membership, User
from portal.accounts.roles import Kind, Permission, Role
from portal.accounts.temporary import new_password
from portal.audit.services import record, record_all
from portal.lifecycle import InvalidTransition, transition, transition_all
from portal.outbox.services import enqueue
from portal.text import sort_key

Status, RowStatus = UserUpload.Status, UserUploadRow.Status
PORTION = 500  # users created in one transaction: about a second's work
STATEMENT = 1000  # rows per statement
ATTEMPTS = 3  # at a portion, while others take account names at the same moment
FITS = {
    name: UserUploadRow._meta.get_field(name).max_length
    for name in ("first_name", "last_name", "display_name", "account")
}


class Handout(NamedTuple):
    """One line of the file of temporary passwords; kept by nobody but whoever downloads it."""

    display_name: str
    account: str
    password: str


@transaction.atomic
def check_upload(lines, *, actor, organization, submission, file_name, encoding):
    """Judge ``lines`` (of ``user_files``) and keep the verdicts; nobody is created.

    ``submission`` (a UUID) names the press of the button with this very file: a second press finds
    the first one's upload.
    """
    fields = {
        "organization": organization,
        "file_name": file_name,
        "encoding": encoding,
        "created_by": actor.user,
    }
    upload, created = UserUpload.objects.get_or_create(
        acting_for=actor.organization, submission=submission, defaults=fields
    )
    if created:
        judge = Judge(organization, lines)
        rows = [_judged(upload, line, judge) for line in lines]
        UserUploadRow.objects.bulk_create(rows, batch_size=STATEMENT)
        record("userupload.checked", actor=actor, target=upload, rows=len(rows))
    return upload


@transaction.atomic
def start_upload(upload, *, actor, country):
    """Promise the users of all ready rows, in portions. Started before, it stays as it is.

    ``country`` is the location of them all. Raises InvalidTransition when it was discarded.
    """
    moments = {"started_at": now(), "country": country}
    try:
        started = transition(upload, Status.RUNNING, actor=actor, **moments)
    except InvalidTransition as late:
        if late.obj.status in (Status.RUNNING, Status.COMPLETED):
            return late.obj
        raise
    ready = started.rows.filter(status=RowStatus.READY).order_by("line")
    numbers = list(ready.values_list("line", flat=True))
    for start in range(0, len(numbers), PORTION):
        _promise(started, numbers[start : start + PORTION], actor)
    _complete_if_done(started)
    return started


@transaction.atomic
def discard_upload(upload, *, actor):
    """Create nobody of it, ever, and forget whom it named. Raises InvalidTransition if started."""
    moved = transition(upload, Status.CANCELLED, actor=actor, ended_at=now())
    moved.rows.all().delete()
    return moved


@transaction.atomic
def create_users_of_upload(upload_id, first, last, *, sender_id):
    """Create the users of the ready rows between two lines: all in this transaction, or none.

    Done before, nothing is left to do. Rows whose verdict no longer holds keep the reason.
    """
    upload = UserUpload.objects.select_related("organization", "acting_for").get(pk=upload_id)
    rows = upload.rows.filter(line__range=(first, last), status=RowStatus.READY)
    rows = list(rows.order_by("line").select_for_update())
    sender = _sender(upload, sender_id)
    reasons = _create(upload, rows, sender)
    for reason in dict.fromkeys(reasons.values()):
        failed = [pk for pk, why in reasons.items() if why == reason]
        refused = _with_customer(failed)
        transition_all(refused, RowStatus.FAILED, actor=sender, reason=reason)
    _complete_if_done(upload)


@sensitive_variables("handouts")
@transaction.atomic
def reveal_upload_passwords(upload, *, actor):
    """Make the temporary passwords of all users of the file: exactly one caller gets them.

    Left out is who has got a password another way, has been deleted, or may no longer be touched
    by ``actor``. Returns a list of Handouts; raises InvalidTransition when they were shown before,
    are not ready, or belong to somebody else than ``actor``.
    """
    locked = UserUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    mine = locked.created_by_id == actor.user_id
    if not mine or locked.status != Status.COMPLETED or locked.passwords_shown_at:
        raise InvalidTransition(locked, "revealed")
    handouts = _new_passwords(_waiting(locked, actor))
    locked.passwords_shown_at = now()
    locked.save(update_fields=["passwords_shown_at"])
    record("userupload.revealed", actor=actor, target=locked, users=len(handouts))
    return handouts


def _judged(upload, line, judge):
    reason = judge.reason(line)
    return UserUploadRow(
        acting_for_id=upload.acting_for_id,
        upload=upload,
        line=line.number,
        status=RowStatus.REFUSED if reason else RowStatus.READY,
        reason=reason,
        **{name: getattr(line, name)[:longest] for name, longest in FITS.items()},
    )


def _promise(upload, numbers, actor):
    enqueue(
        tasks.create_users_of_upload,
        organization=upload.acting_for,
        key=f"userupload:{upload.pk}:{numbers[0]}",
        subject=_("Users of %(file)s, lines %(first)s to %(last)s")
        % {"file": upload.file_name, "first": numbers[0], "last": numbers[-1]},
        upload_id=upload.pk,
        first=numbers[0],
        last=numbers[-1],
        sender_id=actor.user_id,
    )


def _sender(upload, sender_id):
    places = Membership.objects.active().select_related("user", "organization")
    return places.filter(user=sender_id, organization=upload.acting_for_id).first()


def _may_create(sender, upload):
    """Whether whoever started it may still create users there, at this moment."""
    if sender is None or not sender.can(Permission.MANAGE_USERS):
        return False
    if sender.organization.kind == Kind.CUSTOMER:
        return sender.organization_id == upload.organization_id
    customers = Customer.objects.visible_to(sender).filter(organization=upload.organization_id)
    return any(may_administer(sender, customer) for customer in customers)


def _create(upload, rows, sender):
    """Create those who can be; returns the reasons of the others by the row's id."""
    if not _may_create(sender, upload):
        return dict.fromkeys((row.pk for row in rows), "not_allowed")
    for _attempt in range(ATTEMPTS):
        judge = Judge(upload.organization, map(_line, rows))
        reasons = {row.pk: judge.reason(_line(row)) for row in rows}
        try:
            with transaction.atomic():
                _create_all(upload, [row for row in rows if not reasons[row.pk]], sender)
            return {pk: reason for pk, reason in reasons.items() if reason}
        except IntegrityError as error:
            taken = error  # somebody took an account name just now: judge again
    raise taken


def _create_all(upload, rows, sender):
    users = User.objects.bulk_create(_account(upload, row, sender) for row in rows)
    places = Membership.objects.bulk_create(
        Membership(user=user, organization=upload.organization, roles=[]) for user in users
    )
    people = CustomerUser.objects.bulk_create(
        _person(upload, row, place, sender) for row, place in zip(rows, places, strict=True)
    )
    record_all("customeruser.added", actor=sender, targets=people, also=[sender.organization_id])
    for row, person in zip(rows, people, strict=True):
        row.person = person
    UserUploadRow.objects.bulk_update(rows, ["person"])
    created = _with_customer([row.pk for row in rows])
    transition_all(created, RowStatus.CREATED, actor=sender)


def _account(upload, row, sender):
    return User(
        username=account_name(row.account, upload.organization.domain),
        first_name=row.first_name,
        last_name=row.last_name,
        password=make_password(None),
        must_change_password=True,
        language=sender.user.language,
    )


def _person(upload, row, place, sender):
    return CustomerUser(
        organization=upload.organization,
        user=place.user,
        membership=place,
        display_name=row.display_name,
        name_key=sort_key(row.display_name),
        country=upload.country,
        created_by=sender.user,
        password_for=sender.user,
    )


def _line(row):
    names = (row.first_name, row.last_name, row.display_name, row.account)
    return Line(row.line, *names)


def _waiting(upload, actor):
    """The users of the file who have no password yet, in the order of its lines."""
    people = CustomerUser.objects.active().with_account().filter(password_for=actor.user_id)
    made = upload.rows.filter(status=RowStatus.CREATED)
    found = people.filter(pk__in=made.values("person")).order_by("pk")
    if not actor.can(Permission.MANAGE_GLOBAL_ADMINS):
        found = found.exclude(membership__roles__contains=[Role.GLOBAL_ADMIN])
    return list(found.select_for_update(of=("self",)))


@sensitive_variables("handouts", "passwords")
def _new_passwords(people):
    handouts = [Handout(p.display_name, p.account_name, new_password()) for p in people]
    passwords = {p.user_id: made.password for p, made in zip(people, handouts, strict=True)}
    until = now() + settings.TEMPORARY_PASSWORD_LIFETIME
    directory().set_temporary_passwords(passwords, until)
    CustomerUser.objects.filter(pk__in=[p.pk for p in people]).update(password_for=None)
    return handouts


def _complete_if_done(upload):
    """The last portion completes the upload.

    Portions finish at the same time in several workers: each looks for others only when it holds
    the upload, so that the one behind sees what the one before has done.
    """
    locked = UserUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    running = locked.status == Status.RUNNING
    if running and not locked.rows.filter(status=RowStatus.READY).exists():
        transition(locked, Status.COMPLETED, actor=None, ended_at=now())


def _with_customer(pks):
    """These rows with the uploads that know whom they are about: the activity log asks each."""
    return UserUploadRow.objects.filter(pk__in=pks).select_related("upload")
