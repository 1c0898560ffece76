"""Who is told what of relationship requests and customers, by mail and on Home."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from customers import tasks
from portal.links import reverse
from portal.notices.services import notify
from portal.outbox.services import enqueue


def relationship_accepted(request):
    """The customer said yes: whoever asked wants to know."""
    _tell_requester(tasks.send_relationship_accepted, request, "accepted")


def relationship_declined(request):
    """The customer said no, perhaps with a reason."""
    _tell_requester(tasks.send_relationship_declined, request, "declined")


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


def _tell_requester(task, request, how):
    with override(request.created_by.language):
        subject = _("Answer of %(customer)s to the relationship request") % {
            "customer": request.organization
        }
    enqueue(
        task,
        organization=request.asked_by,
        key=f"relationshiprequest:{request.pk}:{how}",
        subject=subject,
        request_id=request.pk,
    )
