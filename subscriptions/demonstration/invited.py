"""People whom the demonstration's companies have invited to work for them."""

from datetime import timedelta

from django.utils.timezone import now

from portal.accounts.roles import Role
from portal.staff.models import UserInvitation

DAYS = timedelta(days=1)
INVITED = [
    # email, first name, last name, role, language, days until the link ends
    ("ida.ivens@nordwind.example", "Ida", "Ivens", Role.SALES_AGENT, "de", 5),
    ("carl.berg@nordwind.example", "Carl", "Berg", Role.ADMIN_AGENT, "en", -2),
]


def invite(anna, maren):
    """Two for Nordwind, one of whom was too late, and one for Kessler."""
    for facts in INVITED:
        _invite(anna, *facts)
    _invite(maren, "jana.wulf@kessler.example", "Jana", "Wulf", Role.ADMIN_AGENT, "de", 6)


def _invite(inviter, email, first_name, last_name, role, language, days):
    UserInvitation.objects.create(
        organization=inviter.organization,
        email=email,
        first_name=first_name,
        last_name=last_name,
        roles=[role],
        language=language,
        invited_by=inviter.user,
        sent_at=now() + (days - 7) * DAYS,
        expires_at=now() + days * DAYS,
    )
