"""What people are told of license requests; see ``subscriptions.services.telling`` for when."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission as P
from portal.notices.kinds import Kind, Topic, register

LETTERS = "subscriptions/emails/"

TOPICS = {
    "licenses_asked": Topic(_("a customer asks for a change of licenses"), P.CHANGE_SUBSCRIPTION),
    "licenses_answered": Topic(_("a partner answers your license request"), P.REQUEST_LICENSES),
}

KINDS = {
    "licenses_asked": Kind(
        _("%(customer)s asks for %(after)s instead of %(before)s licenses of %(product)s"),
        topic="licenses_asked",
        letter=f"{LETTERS}licenses_asked",
    ),
    "licenses_approved": Kind(
        _("%(partner)s approved your request: %(after)s licenses of %(product)s"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_approved",
    ),
    "licenses_declined": Kind(
        _("%(partner)s declined your request for %(after)s licenses of %(product)s"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_declined",
    ),
    "licenses_expired": Kind(
        _("Your request for %(after)s licenses of %(product)s was not answered in time"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_expired",
    ),
    "licenses_approved_by_partner": Kind(
        _("%(partner)s approved %(after)s licenses of %(product)s for %(customer)s")
    ),
    "licenses_declined_by_partner": Kind(
        _("%(partner)s declined the license request of %(customer)s for %(product)s")
    ),
    "licenses_withdrawn": Kind(_("%(customer)s withdrew its license request for %(product)s")),
    "licenses_missed": Kind(
        _("The license request of %(customer)s for %(product)s was not answered in time")
    ),
}

register(TOPICS, KINDS)
