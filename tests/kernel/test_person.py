"""The person and their session, loaded on every request by queries written by hand."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils.timezone import now

from portal.accounts.backends import AccountBackend
from portal.accounts.models import Membership, User
from portal.accounts.roles import Kind
from portal.accounts.sessions import SessionStore
from tests.factories import make_membership, make_partner, make_user

pytestmark = pytest.mark.django_db


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_person_and_places_are_what_django_would_load(django_assert_num_queries):
    user = make_user(must_change_password=True, temporary_password_until=now())
    for name in ("Zeta", "Alpha", "Mitte"):
        make_membership(organization=make_partner(Kind.RESELLER, name=name), user=user)
    make_membership()  # somebody else's

    with django_assert_num_queries(1):
        person = AccountBackend().get_user(user.pk)
        organizations = [place.organization.name for place in person.places]
        assert all(place.user is person for place in person.places)

    assert organizations == ["Alpha", "Mitte", "Zeta"]
    assert columns(person) == columns(User.objects.get(pk=user.pk))
    for place in person.places:
        kept = Membership.objects.select_related("organization").get(pk=place.pk)
        assert columns(place) == columns(kept)
        assert columns(place.organization) == columns(kept.organization)


def test_a_person_without_places_is_still_a_person():
    user = make_user()
    assert AccountBackend().get_user(user.pk) == user
    assert AccountBackend().get_user(user.pk).places == []


def test_nobody_is_loaded_who_may_not_sign_in():
    user = make_user(is_active=False)
    assert AccountBackend().get_user(user.pk) is None
    assert AccountBackend().get_user(user.pk + 1) is None


def test_a_session_ends_when_its_time_is_over():
    session = SessionStore()
    session["where"] = "here"
    session.save()
    key = session.session_key

    assert SessionStore(key)["where"] == "here"
    with time_machine.travel(now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)):
        late = SessionStore(key)
        assert late.get("where") is None
        assert late.session_key is None


def test_a_key_that_somebody_made_up_is_never_used():
    session = SessionStore("a" * 32)
    session["where"] = "here"
    session.save()
    assert session.session_key != "a" * 32
