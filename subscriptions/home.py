"""What *Home* shows each side: where to begin, what needs attention, what was left half done."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer, RelationshipRequest
from partners.models import PartnerProfile, Partnership, PartnershipRequest
from portal.accounts.roles import Kind
from portal.accounts.roles import Permission as P
from portal.audit.models import AuditEntry
from portal.links import reverse
from portal.lists import capped_count
from portal.navigation import HOME
from portal.notices.models import Notice
from subscriptions import attention
from subscriptions.continuing import drafts
from subscriptions.customer_home import customer_home, waiting_for_customer
from subscriptions.models import Subscription

MOST_NOTICES = MOST_ENTRIES = 5


def home_of(membership, *, own=False):
    """The context of the page for this member of an organization.

    ``own`` narrows what a provider's staff have to do to what they began themselves.
    """
    if membership.organization.kind == Kind.PROVIDER:
        return _provider(membership, own)
    return (_reseller if membership.organization.kind == Kind.RESELLER else _customer)(membership)


def number_waiting(membership):
    """How many lines need this member's attention, as far as they may see Home at all."""
    if not membership.can(P.VIEW_HOME):
        return 0
    lines = {
        Kind.PROVIDER: attention.of_provider,
        Kind.RESELLER: attention.of_reseller,
        Kind.CUSTOMER: waiting_for_customer,
    }
    return len(lines[Kind(membership.organization.kind)](membership))


def _provider(membership, own):
    tasks = [_profile(membership), _resellers(membership), _customers(membership)]
    done = sum(task["is_done"] for task in tasks)
    return {
        "tasks": tasks,
        "done": done,
        "tabs": _tabs(membership, own),
        "is_started": done == len(tasks),
        "attention": attention.of_provider(membership, own=own),
        "drafts": drafts(membership, own=own),
        "notices": _notices(membership),
        **_activity(membership),
    }


def _tabs(membership, own):
    """*Everything* or *Only mine*."""
    organization = membership.organization
    return [
        {
            "label": label,
            "url": reverse(HOME, organization=organization, by=by),
            "current": own == bool(by),
        }
        for label, by in ((_("Everything"), ""), (_("Only mine"), "me"))
    ]


def _reseller(membership):
    active = Partnership.objects.visible_to(membership).active()
    providers = capped_count(active)
    subscriptions = capped_count(Subscription.objects.visible_to(membership))
    shown = ngettext("%(number)s subscription", "%(number)s subscriptions", subscriptions)
    known = ngettext("%(number)s provider", "%(number)s providers", providers)
    page, label = "subscriptions:subscription_list", _("Subscriptions")
    return {
        "tasks": [
            _counted(
                membership, "partners:provider_list", _("Indirect providers"), known, providers
            ),
            _agreement(membership),
            _customers(membership),
            *_asked(membership),
            _counted(membership, page, label, shown, subscriptions),
        ],
        "attention": attention.of_reseller(membership),
        "drafts": drafts(membership),
        "notices": _notices(membership),
        **_activity(membership),
    }


def _customer(membership):
    return customer_home(membership) | {"notices": _notices(membership)}


def _notices(membership):
    """What the company was told of late, newest first."""
    return Notice.objects.visible_to(membership).recent()[:MOST_NOTICES]


def _activity(membership):
    """The latest of the activity log: of everybody's actions, or of one's own alone.

    Every morning's sign-ins would hide what was done; the log has them.
    """
    if not membership.can(P.VIEW_ACTIVITY):
        return {}
    entries = AuditEntry.objects.visible_to(membership).for_log()
    entries = entries.exclude(action="user.signed_in")
    is_own = not membership.can(P.VIEW_ALL_ACTIVITY)
    if is_own:
        entries = entries.filter(actor=membership.user_id)
    return {"entries": entries[:MOST_ENTRIES], "entries_are_own": is_own}


def _agreement(membership):
    profile = PartnerProfile.objects.filter(organization=membership.organization).first()
    status = _("Not signed")
    if profile and profile.agreement_signed:
        day = date_format(localtime(profile.agreement_signed_at), "SHORT_DATE_FORMAT")
        status = _("Signed on %(day)s") % {"day": day}
    return _task(membership, "partners:agreement", _("Partner agreement"), status)


def _asked(membership):
    """Customers that a reseller asked, or was named to, and that have not answered yet."""
    state = RelationshipRequest.Status.SENT
    number = capped_count(RelationshipRequest.objects.visible_to(membership).in_state(state))
    if not number:
        return []
    label, page = _("Requests to customers"), "customers:relationship_list"
    words = ngettext("%(number)s waits for an answer", "%(number)s wait for an answer", number)
    return [_task(membership, page, label, words % {"number": number}, status=state.value)]


def _profile(membership):
    """Done once a year."""
    organization = membership.organization
    profile = PartnerProfile.objects.filter(organization=organization).first()
    is_done = bool(profile and not profile.review_is_due)
    status = _("Completed") if is_done else _("Not started")
    if profile and profile.reviewed_at and not is_done:
        status = _("Due again")
    return {
        "label": _("Review your company's profile on the official providers list"),
        "url": reverse("partners:profile_detail", organization=organization),
        "status": status,
        "is_done": is_done,
    }


def _resellers(membership):
    """Done with the first partner; until then what was asked is pending."""
    label, page = _("Connect with indirect resellers"), "partners:reseller_list"
    if Partnership.objects.visible_to(membership).active().exists():
        return _task(membership, page, label, _("Completed"), is_done=True)
    pending = capped_count(PartnershipRequest.objects.visible_to(membership).pending())
    status = _("%(number)s pending") % {"number": pending} if pending else ""
    return _task(membership, page, label, status, view="pending" if pending else "")


def _customers(membership):
    """How many a reseller has; a provider is done with the first."""
    customers, page = Customer.objects.visible_to(membership), "customers:customer_list"
    if membership.organization.kind == Kind.PROVIDER:
        label, is_done = _("Connect with customers"), customers.exists()
        return _task(membership, page, label, _("Completed") if is_done else "", is_done=is_done)
    number = capped_count(customers)
    words = ngettext("%(number)s customer", "%(number)s customers", number)
    return _counted(membership, page, _("Customers"), words, number)


def _counted(membership, page, label, words, number):
    return _task(membership, page, label, words % {"number": number} if number else "")


def _task(membership, page, label, words, *, is_done=False, **query):
    """A line that leads to ``page``; without ``words`` it has not been started."""
    url = reverse(page, organization=membership.organization, **query)
    return {"label": label, "url": url, "status": words or _("Not started"), "is_done": is_done}
