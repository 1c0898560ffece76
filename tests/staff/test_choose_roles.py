"""The field in which people choose roles: nobody gives what they don't hold completely."""

import pytest
from django import forms

from portal.accounts.roles import GRANTS, Kind, Role
from portal.staff.role_choices import RolesField, menu_of, sentence_of
from tests.factories import make_membership


class RolesForm(forms.Form):
    roles = RolesField()

    def __init__(self, *args, actor, **options):
        super().__init__(*args, **options)
        self.fields["roles"].offer_by(actor)


def boxes(*roles, kind):
    return RolesForm(actor=make_membership(*roles, kind=kind))["roles"]


@pytest.mark.parametrize("kind", [Kind.PROVIDER, Kind.RESELLER])
def test_every_role_of_a_partner_has_its_words_and_its_menu(kind):
    for role in GRANTS[kind]:
        assert sentence_of(kind, role)
        assert "Home" in menu_of(kind, [role])


def test_a_reseller_is_not_offered_sales_agents(db):
    assert "Sales agent" not in str(boxes(kind=Kind.RESELLER))
    assert "Sales agent" in str(boxes(kind=Kind.PROVIDER))


def test_what_one_may_not_give_cannot_be_ticked(db):
    drawn = str(boxes(Role.USER_ADMIN, kind=Kind.PROVIDER))

    assert drawn.count("disabled") == 3  # all but user admin
    assert "it may do more than you may" in drawn


@pytest.mark.parametrize(
    "giver,given,allowed",
    [
        (Role.GLOBAL_ADMIN, Role.GLOBAL_ADMIN, True),
        (Role.USER_ADMIN, Role.USER_ADMIN, True),
        (Role.USER_ADMIN, Role.SALES_AGENT, False),
        (Role.USER_ADMIN, Role.GLOBAL_ADMIN, False),
        (Role.ADMIN_AGENT, Role.SALES_AGENT, True),
        (Role.ADMIN_AGENT, Role.USER_ADMIN, False),
    ],
)
def test_a_forged_box_is_refused(db, giver, given, allowed):
    form = RolesForm({"roles": [given.value]}, actor=make_membership(giver))

    assert form.is_valid() is allowed
    assert form.cleaned_data.get("roles") == ([given] if allowed else None)


def test_somebody_needs_a_role(db):
    form = RolesForm({}, actor=make_membership())

    assert form.errors["roles"] == ["Tick at least one role."]
