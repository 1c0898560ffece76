"""What the demonstration's companies tell about themselves, and what they were told of late."""

from datetime import timedelta

from django.utils.timezone import now

from partners.models import PartnerProfile, ProfileChange
from portal.links import reverse
from portal.notices.models import Notice

# slug, address, postal code, phone, languages, description
PROFILES = [
    (
        "nordwind",
        "Kaiserkai 10",
        "20457",
        "+49 40 5550 120",
        ["da", "de", "en"],
        "We have distributed cloud subscriptions in the north since 2009: training in Hamburg "
        "and Aarhus, migration help, support around the clock.",
    ),
    (
        "suedstern",
        "Rosenheimer Straße 145",
        "81671",
        "+49 89 5550 700",
        ["cs", "de", "en", "it"],
        "Distribution for system houses in the south, with our own data-protection desk.",
    ),
    ("kessler", "Mönckebergstraße 7", "20095", "+49 40 5550 310", ["de", "en"], ""),
    ("alpina", "Hardturmstrasse 11", "8005", "+41 44 555 02 77", ["de", "en", "fr"], ""),
    ("brightwater", "14 Temple Quay", "BS1 6DZ", "+44 117 555 0918", ["en"], ""),
]
# who is told, kind, days ago, facts
NEWS = [
    ("nordwind", "declined", 2, {"reseller": "Donau Soft GmbH"}),
    ("nordwind", "expired", 9, {"recipient": "kontakt@harz-systeme.example"}),
    ("kessler", "connected", 12, {"provider": "Südstern Cloud Distribution AG"}),
]


def tell(companies, asker):
    """Fill in the profiles of ``companies`` (by slug) and what is new there.

    ``asker`` is a reseller's member, who has asked the representative for something.
    """
    for slug, address, postal_code, phone, languages, description in PROFILES:
        PartnerProfile.objects.filter(organization=companies[slug]).update(
            address=address,
            postal_code=postal_code,
            phone=phone,
            languages=languages,
            description=description,
        )
    for slug, kind, days, facts in NEWS:
        _notice(companies[slug], kind, now() - timedelta(days=days), facts)
    ProfileChange.objects.create(
        organization=asker.organization,
        asked_by=asker.user,
        text="Our phone number ends in 311 from 1 December. Please add Polish to our languages.",
    )


def _notice(company, kind, at, facts):
    pages = {
        "provider": ("partners:reseller_list", {"view": "pending"}),
        "reseller": ("partners:provider_list", {}),
    }
    page, query = pages[company.kind]
    Notice.objects.create(
        organization=company,
        kind=kind,
        about=f"demonstration:{kind}",
        path=reverse(page, organization=company, **query),
        facts=facts | {"expires_at": at.isoformat()},
        at=at,
    )
