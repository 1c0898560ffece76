"""Users of the demonstration's customers; Albrecht has some of every kind, and a file to save."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils.timezone import now

from customers import services as customers
from customers.models import AccountInvitation, CustomerUser
from portal.accounts.models import Membership, Organization, User
from portal.accounts.roles import Kind, Role
from portal.text import sort_key
from subscriptions import services
from subscriptions.models import Subscription

PEOPLE = """
    Britta Albrecht, Cem Yildiz, Dora Lindner, Emil Krause, Frieda Vogt, Georg Busch, Hanna Roth,
    Igor Petrov, Jana Thiel, Karim Haddad, Lena Sommer, Matteo Ricci, Nora Winkler, Olaf Brandt,
    Paula Neumann, Quirin Maier, Rosa Fuchs, Sven Larsen, Tina Peters, Uwe Schulte, Vera Engel,
    Wanda Nowak, Xaver Huber, Yara Demir, Zoe Martin
"""
FILE = UUID("5f1c2a5e-6a0e-4d6f-9b53-0d3f6a2b7c11")
ROWS = [
    # first name, last name, display name, email, status update
    ("Anton", "Becker", "Anton Becker", "anton.becker", ""),
    ("Bea", "Müller", "Bea Müller", "bea.mueller", ""),
    ("Carl", "Otto", "", "carl.otto", ""),
    ("Cem", "Yildiz", "Cem Yildiz", "cem.yildiz", ""),
    ("Dana", "Pohl", "Dana Pohl", "dana.pohl@elsewhere.example", ""),
]


def add(staff):
    """Users for all customers, and for Albrecht more. ``staff`` is its provider's global admin."""
    _admins()
    albrecht = Organization.objects.get(slug="albrecht")
    people = [_person(albrecht, staff, name.strip()) for name in PEOPLE.split(",")]
    Membership.objects.filter(pk=people[0].membership_id).update(roles=[Role.USER_ADMIN])
    held = Subscription.objects.filter(organization=albrecht, status=Subscription.Status.ACTIVE)
    for subscription in held.filter(provider=staff.organization_id).order_by("pk"):
        _assign(subscription, people[:18], staff)
    for person in people[-2:]:
        services.delete_user(person, actor=staff)
    _invite(albrecht, staff)
    _file(albrecht, staff)


def _invite(organization, staff):
    """Two who were sent a link to choose their password; one of them is late."""
    for name, days in (("Ida Lorenz", 5), ("Udo Kern", -2)):
        person = _person(organization, staff, name)
        User.objects.filter(pk=person.user_id).update(last_login=None, must_change_password=True)
        AccountInvitation.objects.create(
            organization=organization,
            acting_for=staff.organization,
            person=person,
            email=f"{name.split()[0].lower()}@post.example",
            language="de",
            invited_by=staff.user,
            sent_at=now() + timedelta(days=days - 7),
            expires_at=now() + timedelta(days=days),
        )


def _admins():
    """The admin account of every customer is its first user."""
    places = Membership.objects.filter(organization__kind=Kind.CUSTOMER)
    found = places.filter(user__customer_user=None).select_related("user", "organization")
    CustomerUser.objects.bulk_create(
        CustomerUser(
            organization=place.organization,
            user=place.user,
            membership=place,
            display_name=str(place.user),
            name_key=sort_key(str(place.user)),
            country=place.organization.country,
        )
        for place in found
    )


def _person(organization, staff, name):
    first, last = name.split()
    person = customers.add_user(
        actor=staff,
        organization=organization,
        account=f"{first}.{last}@{organization.domain}".lower(),
        first_name=first,
        last_name=last,
        display_name=name,
        country=organization.country,
        roles=[],
    )
    CustomerUser.objects.filter(pk=person.pk).update(password_for=None)
    signed_in = {"last_login": now() - timedelta(days=len(name)), "must_change_password": False}
    User.objects.filter(pk=person.user_id).update(
        password=make_password(None), is_demonstration=True, **signed_in
    )
    return person


def _assign(subscription, people, staff):
    """As many as there are, to those who have nothing that excludes it."""
    for person in people[: max(1, subscription.quantity - 1)]:
        try:
            services.assign_licenses(subscription, [person], actor=staff)
        except customers.Refused:
            continue


def _file(organization, staff):
    lines = [customers.UserLine(number, *cells) for number, cells in enumerate(ROWS, start=2)]
    customers.check_upload(
        lines,
        actor=staff,
        organization=organization,
        submission=FILE,
        file_name="new-colleagues.csv",
        encoding="utf-8",
    )
