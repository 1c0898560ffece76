"""What partner companies are told; see ``partners.services.telling`` for when."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission as P
from portal.notices.kinds import Kind, Topic, register

LETTERS = "partners/emails/"

TOPICS = {
    "accepted": Topic(_("a reseller accepts your partnership request"), P.VIEW_RESELLERS),
    "declined": Topic(_("a reseller declines your partnership request"), P.VIEW_RESELLERS),
    "expired": Topic(_("your partnership request runs out unanswered"), P.VIEW_RESELLERS),
    "withdrawn": Topic(_("a colleague withdraws your partnership request"), P.VIEW_RESELLERS),
    "ended": Topic(_("a partnership with a reseller ends"), P.REMOVE_PARTNERSHIP),
    "batch": Topic(_("your file of partnership requests is sent"), P.REQUEST_PARTNERSHIP),
    "connected": Topic(_("your company is connected with a provider"), P.ANSWER_PARTNERSHIP),
}

KINDS = {
    "accepted": Kind(
        _("%(reseller)s accepted your partnership request"),
        topic="accepted",
        letter=f"{LETTERS}accepted",
        thread=True,
    ),
    "declined": Kind(
        _("%(reseller)s declined your partnership request"),
        topic="declined",
        letter=f"{LETTERS}declined",
    ),
    "expired": Kind(
        _("The partnership request to %(recipient)s was not answered by %(expires_at)s"),
        topic="expired",
        letter=f"{LETTERS}expired",
    ),
    "withdrawn": Kind(
        _("%(person)s withdrew the partnership request to %(recipient)s"),
        topic="withdrawn",
        letter=f"{LETTERS}withdrawn",
    ),
    "ended": Kind(
        _("%(person)s ended the partnership with %(partner)s"),
        topic="ended",
        letter=f"{LETTERS}ended",
    ),
    "ended_by_partner": Kind(
        _("%(partner)s ended the partnership with your company"),
        topic="ended",
        letter=f"{LETTERS}ended_by_partner",
    ),
    "resumed": Kind(_("The partnership with %(partner)s continues: its end was taken back")),
    "connected": Kind(
        _("Your company is now connected with %(provider)s"),
        topic="connected",
        letter=f"{LETTERS}connected",
        thread=True,
    ),
    "batch": Kind(
        _("The partnership requests in %(file)s are sent"),
        topic="batch",
        letter=f"{LETTERS}batch",
    ),
    "profile_answered": Kind(_("Your representative answered about your company's profile")),
}

register(TOPICS, KINDS)
