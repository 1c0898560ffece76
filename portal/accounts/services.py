"""What can happen to accounts and organizations."""

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from portal.accounts.models import Membership, Organization, User
from portal.audit.services import record
from portal.text import fold

RESERVED_SLUGS = {"new", "admin", "static", "o"}


@transaction.atomic
def create_organization(*, name, kind, country, domain=None):
    """A new tenant with a slug of its own, made from its name.

    Raises IntegrityError when ``domain`` is taken.
    """
    return Organization.objects.create(
        name=name, kind=kind, country=country, domain=domain, slug=_free_slug(name)
    )


@transaction.atomic
def create_member(*, organization, username, roles, password=None, email="", **fields):
    """A new person with a place in ``organization``; without ``password`` they can't sign in yet.

    Returns the membership; raises IntegrityError when the account name or email is taken.
    """
    user = User.objects.create_user(username.lower(), email, password, **fields)
    return Membership.objects.create(
        user=user, organization=organization, roles=[str(role) for role in roles]
    )


@transaction.atomic
def choose_first_password(user, password):
    """Replace the temporary password; from now on the account is the person's alone.

    Returns False when that has been done already, as by a button pressed twice.
    """
    if not User.objects.select_for_update().get(pk=user.pk).must_change_password:
        return False
    user.set_password(password)
    user.must_change_password, user.temporary_password_until = False, None
    user.save(update_fields=["password", "must_change_password", "temporary_password_until"])
    for membership in user.places:
        record("user.password_changed", actor=membership, target=membership.organization)
    return True


def _free_slug(name):
    base = slugify(fold(name))[:40] or "organization"
    slug = base
    while slug in RESERVED_SLUGS or Organization.objects.filter(slug=slug).exists():
        slug = f"{base}-{get_random_string(4, 'abcdefghjkmnpqrstuvwxyz23456789')}"
    return slug
