"""The companies and their staff, and who is a partner of whom."""

from datetime import timedelta

from django.utils.timezone import now

from partners.models import MpnAccount, PartnerProfile, Partnership
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind
from subscriptions.demonstration.data import (
    AGREEMENT,
    PROVIDERS,
    REMOVAL_STATEMENT,
    RESELLERS,
    STAFF,
)


def found_companies():
    """Create the providers and the resellers; returns them by slug."""
    companies = {}
    for slug, name, country, city, mpn_id in PROVIDERS:
        companies[slug] = _company(Kind.PROVIDER, slug, name, country, city, mpn_id, "", True)
    for *facts, _providers in RESELLERS:
        companies[facts[0]] = _company(Kind.RESELLER, *facts)
    return companies


def employ(companies, hashed):
    """Create the staff of ``companies``; ``hashed`` is everybody's password. Returns it by slug."""
    return {
        slug: _staff(company, STAFF.get(slug, ()), hashed) for slug, company in companies.items()
    }


def create_person(username, first_name, last_name, hashed, **fields):
    """Create somebody who can sign in while DEBUG is on; ``fields`` are further ones of User."""
    email = fields.pop("email", username)
    return User.objects.create(
        username=username,
        email=email,
        first_name=first_name,
        last_name=last_name,
        password=hashed,
        is_demonstration=True,
        **fields,
    )


def make_partners(companies):
    """Create the partnerships of today; returns them."""
    found = []
    for slug, *_facts, providers in RESELLERS:
        for letter, provider in (("n", "nordwind"), ("s", "suedstern")):
            if letter in providers:
                found.append(_partnership(companies[provider], companies[slug], len(found)))
    return found


def end_partnership(provider, reseller, person):
    """Create a partnership of the past, which ``person`` removed."""
    ended = _partnership(provider, reseller, number=12)
    Partnership.objects.filter(pk=ended.pk).update(
        status=Partnership.Status.REMOVED,
        removed_at=now() - timedelta(days=40),
        removed_by=person,
        removed_for=provider,
        removal_reason="They moved their cloud business to another distributor.",
        statement_version=REMOVAL_STATEMENT,
    )


def _company(kind, slug, name, country, city, mpn_id, global_id, signed):
    company = Organization.objects.create(slug=slug, name=name, kind=kind, country=country)
    PartnerProfile.objects.create(
        organization=company,
        city=city,
        email=f"info@{slug}.example",
        website=f"https://www.{slug}.example/",
        agreement_version=AGREEMENT if signed else "",
        agreement_signed_at=now() - timedelta(days=400) if signed else None,
        enrolled_at=now() - timedelta(days=900),
    )
    for number, type_ in ((mpn_id, MpnAccount.Type.LOCATION), (global_id, MpnAccount.Type.GLOBAL)):
        if number:
            MpnAccount.objects.create(
                mpn_id=number, type=type_, organization=company, city=city, country=country
            )
    return company


def _staff(company, people, hashed):
    return [
        Membership.objects.create(
            user=create_person(f"{name}@{company.slug}.example", first, last, hashed),
            organization=company,
            roles=[role],
        )
        for name, first, last, role in people
    ]


def _partnership(provider, reseller, number):
    location = reseller.mpn_accounts.get(type=MpnAccount.Type.LOCATION)
    started = now() - timedelta(days=60 + 45 * number)
    return Partnership.objects.create(
        provider=provider, reseller=reseller, location=location, started_at=started
    )
