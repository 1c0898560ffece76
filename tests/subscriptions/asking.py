"""What the tests of license requests have in common."""

from uuid import uuid4

from subscriptions.models import LicenseRequest

CREATE = "subscriptions:license_request_create"
DETAIL = "subscriptions:license_request"
APPROVE = "subscriptions:license_request_approve"
DECLINE = "subscriptions:license_request_decline"
WITHDRAW = "subscriptions:license_request_withdraw"
LIST = "subscriptions:license_request_list"


def ask(browser, subscription, quantity, **data):
    """Fill in *Request licenses* and send it."""
    typed = {"quantity": str(quantity), "note": "", "submission": str(uuid4())}
    return browser.send(CREATE, subscription.pk, data=typed | data)


def approve(browser, asked, version=None):
    """Press *Approve* on the page as it was with this version of the subscription."""
    asked.subscription.refresh_from_db()
    seen = asked.subscription.version if version is None else version
    return browser.send(APPROVE, asked.pk, data={"version": seen})


def latest():
    return LicenseRequest.objects.latest("pk")
