"""Who needs a second factor, and what a session learns when one is added or removed."""

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY as RECORDS,
)
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import Exists, OuterRef

from portal.accounts.roles import Kind

# Recovery codes stand in for one of these; on their own they are no second factor.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
HEADING_FOR = "heading_for"  # where somebody wanted to go who had to set one up first


def is_required_of(user):
    """Whether ``user`` does nothing without a second factor: for the portal, or for one place."""
    if not user.is_authenticated:
        return False
    is_operator = settings.REQUIRE_MFA and user.is_staff
    return is_operator or any(is_required_in(place.organization) for place in user.places)


def is_required_in(organization):
    """With REQUIRE_MFA of all partner staff; elsewhere where the organization itself says so."""
    return is_required_by_portal(organization) or organization.requires_second_factor


def is_required_by_portal(organization):
    """Whether that is none of the organization's own decisions."""
    return settings.REQUIRE_MFA and organization.kind != Kind.CUSTOMER


def was_given(request):
    """Whether this session has shown one: that the account owns one is not enough."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def page_for(user):
    """The name of the page that asks for the second factor, or sets the first one up."""
    if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return "mfa_reauthenticate"
    has_key = is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN])
    return "mfa_reauthenticate_webauthn" if has_key else "mfa_activate_totp"


def held_by(column):
    """The condition that the user whom ``column`` of a row names has set one up."""
    return Exists(Authenticator.objects.filter(user=OuterRef(column), type__in=FACTORS))


def is_last(authenticator):
    """Whether the person has no other second factor than this one."""
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


def note_added(sender, request, user, authenticator, **kwargs):
    """Whoever sets one up has just shown it: no code is asked for once more."""
    if authenticator.type in FACTORS:
        kind = {"id": authenticator.pk, "type": authenticator.type}
        record_authentication(request, user, "mfa", **kind)


def note_removed(sender, request, user, **kwargs):
    """Without any, the session has none either: where one is required, the next page says so."""
    if not is_mfa_enabled(user, FACTORS):
        records = get_authentication_records(request, user)
        request.session[RECORDS] = [each for each in records if each["method"] != "mfa"]
