"""Who helps a customer with what: the designated support contact, else the provider itself."""

from dataclasses import dataclass, field
from urllib.parse import quote

from django.utils.translation import gettext as _

from customers.models import Customer
from partners.models import PartnerProfile
from subscriptions.conditions import RUNNING


@dataclass
class Helper:
    """A company that helps, with the subscriptions it helps with.

    ``by_default``: no support contact is named, so that it is the provider's turn. ``profile`` is
    what the company tells about itself, or None.
    """

    company: object
    by_default: bool
    profile: object = None
    subscriptions: list = field(default_factory=list)

    @property
    def names(self):
        """Of the subscriptions, each once: two providers may sell the same."""
        return list(dict.fromkeys(subscription.name for subscription in self.subscriptions))

    @property
    def providers(self):
        """Names of others that sell what it helps with."""
        sellers = {subscription.provider for subscription in self.subscriptions} - {self.company}
        return sorted(provider.name for provider in sellers)

    @property
    def mailto(self):
        """An address that opens a mail to the helper about anything; "" without its address."""
        return mail_to(self.profile, _("A question about our subscriptions"))


def with_helpers(subscriptions):
    """``subscriptions`` joined with the companies that help with them."""
    return subscriptions.select_related("provider", "support_contact")


def helpers_of(subscriptions):
    """The Helpers of ``subscriptions`` (see ``with_helpers``), in their order."""
    found = {}
    for subscription in subscriptions:
        company = subscription.support_contact or subscription.provider
        by_default = subscription.support_contact is None
        helper = Helper(company, by_default)
        key = (company.pk, by_default)
        found.setdefault(key, helper).subscriptions.append(subscription)
    profiles = _profiles(helper.company for helper in found.values())
    for helper in found.values():
        helper.profile = profiles.get(helper.company.pk)
    return list(found.values())


def helper_of(subscription):
    """The one Helper of one subscription."""
    return helpers_of([subscription])[0]


def running(subscriptions):
    """Those with which somebody may need help."""
    return subscriptions.filter(status__in=RUNNING, customer__status=Customer.Status.ACTIVE)


def mail_to(profile, subject):
    """A ``mailto:`` address for the company of ``profile``; "" where none is known."""
    if not (profile and profile.email):
        return ""
    return f"mailto:{quote(profile.email, safe='@')}?subject={quote(subject, safe='')}"


def _profiles(companies):
    known = PartnerProfile.objects.filter(organization__in=list(companies))
    return {profile.organization_id: profile for profile in known}
