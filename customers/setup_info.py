"""Setup info: what whoever looks at it may see of it right now.

The temporary password does not exist before it is shown and is not kept afterwards. It is shown
once, to the person who asked for the account, in the session in which they asked.
"""

from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404

from customers.models import AdminAccount
from customers.resetting import why_no_reset
from portal.accounts.models import Membership
from portal.accounts.roles import Permission, roles_with
from portal.htmx import wants_partial
from portal.links import reverse
from portal.outbox.models import OutboxMessage
from portal.shown_once import allow, is_allowed

SESSION_KEY = "setup_info"


def allow_setup_info(request, customer):
    """Let this session, and no other, see the setup info of ``customer`` once."""
    allow(request, SESSION_KEY, customer.pk)


def may_reveal(request, account):
    """Whether this visitor asked for the account, in this very session."""
    mine = account.requested_by_id == request.user.pk
    return mine and is_allowed(request, SESSION_KEY, account.customer_id)


def setup_info(customer, request):
    """What ``customers/setup_info_region.html`` draws: a dict with ``state`` and its links.

    States: ``pending`` (being set up), ``failed``, ``ready`` (to be shown to this visitor, once),
    ``other`` (a colleague has it), ``closed`` (shown before, or asked for in another session).
    """
    accounts = AdminAccount.objects.visible_to(request.membership)
    account = get_object_or_404(
        accounts.select_related("requested_by", "revealed_by", "user"), customer=customer
    )
    message = None
    if account.status == AdminAccount.Status.PENDING:
        message = _promise(account, request)
    return {
        "state": _state(account, customer, message, request),
        "account_name": account.account_name,
        "customer": customer,
        "shown": account.status == AdminAccount.Status.REVEALED or _has_password(account),
        "holder": _name_of(_holder(account), customer, request),
        "error": message.error_words if message else "",
        "csrf_token": get_token(request),
        # A fragment must not reload the page it is put into: the password would be gone.
        "reload": not wants_partial(request),
        **_links(customer, message, request),
    }


def _promise(account, request):
    messages = OutboxMessage.objects.visible_to(request.membership)
    return messages.for_key(account.provisioning_key).first()


def _state(account, customer, message, request):
    if account.status == AdminAccount.Status.PENDING:
        return "failed" if message and message.can_retry else "pending"
    if why_no_reset(customer, request.membership):
        return "closed" if _holder(account) == request.user else "other"
    waits = account.status != AdminAccount.Status.REVEALED and not _has_password(account)
    if waits and may_reveal(request, account):
        return "ready"
    return "closed" if _holder(account) == request.user else "other"


def _has_password(account):
    """Whether one was chosen under a personal link, or reset like that of any other user."""
    return bool(account.user and account.user.has_usable_password())


def _holder(account):
    """Who saw the current password, or is about to see it."""
    shown = account.status == AdminAccount.Status.REVEALED
    return account.revealed_by if shown else account.requested_by


def _name_of(person, customer, request):
    """Colleagues by name, people of the partner by that of their company."""
    membership = request.membership
    here = Membership.objects.filter(user=person, organization=membership.organization_id)
    if person == request.user or here.exists():
        return person
    is_provider = membership.organization_id == customer.provider_id
    return (customer.reseller or customer.provider) if is_provider else customer.provider


def _page(request):
    """The address of the page the region is on, as htmx says it."""
    try:
        here = request.htmx.current_url_abs_path
    except ValueError:  # no address at all
        here = None
    return here or request.get_full_path()


def _links(customer, message, request):
    membership = request.membership

    def link(name, *args):
        return reverse(name, *args, organization=membership.organization)

    may_reset = membership.can(Permission.RESET_ADMIN_PASSWORD)
    may_reset = may_reset and not why_no_reset(customer, membership)
    resetters = roles_with(membership.organization.kind, Permission.RESET_ADMIN_PASSWORD)
    return {
        "page_url": _page(request),
        "poll_url": link("customers:setup_info", customer.pk),
        "reveal_url": link("customers:setup_info_reveal", customer.pk),
        "reset_url": link("customers:admin_password_reset", customer.pk) if may_reset else "",
        "resetters": [role.label for role in resetters],
        "retry_url": link("outbox:message_retry", message.pk) if message else "",
    }
