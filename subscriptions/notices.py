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
        _("%(customer)s asks for other licenses of %(product)s: %(before)s → %(after)s"),
        topic="licenses_asked",
        letter=f"{LETTERS}licenses_asked",
    ),
    "licenses_approved": Kind(
        _("%(partner)s approved your license request for %(product)s: %(before)s → %(after)s"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_approved",
    ),
    "licenses_declined": Kind(
        _("%(partner)s declined your license request for %(product)s: %(before)s → %(after)s"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_declined",
    ),
    "licenses_expired": Kind(
        _("Your license request for %(product)s was not answered in time"),
        topic="licenses_answered",
        letter=f"{LETTERS}licenses_expired",
    ),
    "licenses_approved_by_partner": Kind(
        _("%(partner)s approved the license request of %(customer)s for %(product)s")
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
