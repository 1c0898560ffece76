"""A draft belongs to one person: taking over is explicit, and no tab overwrites another's work."""

import re
import threading
from uuid import uuid4

import pytest
from django.db import connections

from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.scope import OPERATOR, acting
from subscriptions import services
from subscriptions.models import OrderDraft
from tests.factories import make_membership
from tests.subscriptions.conftest import REVIEW, SUBSCRIPTIONS, choose, licenses, submit, typed

ACCOUNT, CREATE = "subscriptions:draft_account", "subscriptions:draft_create"
CANCEL, TAKE_OVER = "subscriptions:draft_cancel", "subscriptions:draft_take_over"
BEGIN, AUTOSAVE = "subscriptions:draft_begin", "subscriptions:draft_autosave"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def colleague(provider, browser_of):
    return browser_of(make_membership(Role.SALES_AGENT, organization=provider.organization))


def hidden(page):
    return dict(re.findall(r'name="(tab|seen|submission)" value="([^"]+)"', page.text))


class TestTakingOver:
    @pytest.mark.parametrize("page", [ACCOUNT, SUBSCRIPTIONS, REVIEW, CANCEL])
    def test_a_colleague_sees_whose_it_is_and_changes_nothing(
        self, colleague, provider, reviewed, offer, page
    ):
        shown = colleague.open(page, reviewed.pk)
        assert f"Draft of {provider.user}" in shown.text and "Take over" in shown.text

        data = typed(city="Kiel") | licenses(offer, 3) | {"next": "review"}
        assert colleague.send(page, reviewed.pk, data=data).status_code == 409

        draft = OrderDraft.objects.get()
        assert (draft.account, draft.lines) == (reviewed.account, reviewed.lines)
        assert draft.order is None

    def test_taken_over_it_is_the_colleagues_and_recorded(self, colleague, staff, reviewed):
        response = colleague.send(TAKE_OVER, reviewed.pk)
        assert response["Location"] == colleague.url(ACCOUNT, reviewed.pk)
        assert "Vogel Optik GmbH" in colleague.get(response["Location"]).text

        former = staff.open(ACCOUNT, reviewed.pk)
        assert f"Taken over by {colleague.membership.user}" in former.text
        [entry] = AuditEntry.objects.filter(action="orderdraft.taken_over")
        assert entry.actor == colleague.membership.user
        assert submit(colleague, reviewed).status_code == 302

    def test_the_former_owner_overwrites_nothing_and_gets_the_typing_back(
        self, colleague, staff, reviewed
    ):
        page = staff.open(ACCOUNT, reviewed.pk)
        colleague.send(TAKE_OVER, reviewed.pk)

        refused = staff.send(ACCOUNT, reviewed.pk, data=typed(city="Lübeck") | hidden(page))
        assert refused.status_code == 409 and "Taken over by" in refused.text
        assert OrderDraft.objects.get().account["city"] == "Hamburg"

        staff.send(TAKE_OVER, reviewed.pk)
        again = staff.open(ACCOUNT, reviewed.pk)
        assert 'value="Lübeck"' in again.text and "We kept what you typed" in again.text

    def test_the_former_owner_is_told_while_typing(self, colleague, staff, reviewed):
        page = hidden(staff.open(ACCOUNT, reviewed.pk))
        colleague.send(TAKE_OVER, reviewed.pk)
        place = HTMX | {"HTTP_HX_TARGET": "draft-saved"}

        said = staff.send(AUTOSAVE, reviewed.pk, data={"city": "Lübeck"} | page, **place)

        name = colleague.membership.user
        assert f"Not saved: {name} has taken this draft over." in said.text
        assert OrderDraft.objects.get().account["city"] == "Hamburg"

    def test_a_form_begun_before_changes_nothing_either(self, colleague, staff):
        page = hidden(staff.open(CREATE))
        staff.send(CREATE, data=typed() | page)
        draft = OrderDraft.objects.get()
        colleague.send(TAKE_OVER, draft.pk)

        assert staff.send(CREATE, data=typed(city="Kiel") | page).status_code == 409
        assert staff.send(BEGIN, data={"city": "Kiel"} | page, **HTMX).status_code == 409
        draft.refresh_from_db()
        assert draft.entered["city"] == "Hamburg"

    def test_taking_twice_is_recorded_once(self, colleague, reviewed):
        for _time in range(2):
            assert colleague.send(TAKE_OVER, reviewed.pk).status_code == 302
        assert AuditEntry.objects.filter(action="orderdraft.taken_over").count() == 1

    def test_what_is_submitted_or_foreign_is_not_taken(
        self, colleague, outsider, browser_of, staff, reviewed
    ):
        assert browser_of(outsider).send(TAKE_OVER, reviewed.pk).status_code == 404
        assert colleague.get(colleague.url(TAKE_OVER, reviewed.pk)).status_code == 405
        submit(staff, reviewed)
        colleague.send(TAKE_OVER, reviewed.pk)
        assert OrderDraft.objects.get().taken_by is None

    def test_the_lists_say_whose_it_is(self, colleague, staff, reviewed):
        assert "Take over" in colleague.open("subscriptions:order_list").text
        assert "Take over" not in staff.open("subscriptions:order_list").text
        colleague.send(TAKE_OVER, reviewed.pk)
        assert "taken over from" in staff.open("subscriptions:order_list").text
        assert str(colleague.membership.user) in staff.open("subscriptions:home").text


class TestTwoTabs:
    def test_a_stale_tab_is_told_what_differs_and_keeps_its_typing(self, staff, draft):
        one, two = staff.open(ACCOUNT, draft.pk), staff.open(ACCOUNT, draft.pk)
        other = {"reseller": draft.account["reseller"]}
        staff.send(
            ACCOUNT, draft.pk, data=typed(city="Kiel", **other) | hidden(one) | {"tab": uuid4()}
        )

        stale = staff.send(
            ACCOUNT, draft.pk, data=typed(city="Lübeck", **other) | hidden(two) | {"tab": uuid4()}
        )

        assert stale.status_code == 422
        assert "has changed since you opened the page" in stale.text
        [change] = stale.context["changes"]
        assert (change["there"], change["here"]) == ("Kiel", "Lübeck")
        assert 'value="Lübeck"' in stale.text
        assert OrderDraft.objects.get().account["city"] == "Kiel"

        kept = typed(city="Lübeck", **other) | hidden(stale)
        assert staff.send(ACCOUNT, draft.pk, data=kept).status_code == 302
        assert OrderDraft.objects.get().account["city"] == "Lübeck"

    def test_mistakes_do_not_hide_what_another_tab_saved(self, staff, draft):
        other = {"reseller": draft.account["reseller"]}
        mine = hidden(staff.open(ACCOUNT, draft.pk))
        theirs = typed(city="Kiel", **other) | mine | {"tab": uuid4()}
        staff.send(ACCOUNT, draft.pk, data=theirs)

        wrong = staff.send(ACCOUNT, draft.pk, data=typed(email="no", city="Bonn", **other) | mine)
        right = staff.send(ACCOUNT, draft.pk, data=typed(city="Bonn", **other) | hidden(wrong))

        assert right.status_code == 422 and right.context["changes"]

    def test_the_same_in_both_tabs_is_no_conflict(self, staff, draft):
        two = hidden(staff.open(ACCOUNT, draft.pk)) | {"tab": uuid4()}
        same = typed(city="Kiel", reseller=draft.account["reseller"])
        staff.send(ACCOUNT, draft.pk, data=same | hidden(staff.open(ACCOUNT, draft.pk)))

        assert staff.send(ACCOUNT, draft.pk, data=same | two).status_code == 302

    def test_chosen_offers_are_not_overwritten_unseen(self, staff, draft, offer):
        one, two = (hidden(staff.open(SUBSCRIPTIONS, draft.pk)) for _ in range(2))
        choose(staff, draft, offer, "5", **one)

        stale = choose(staff, draft, offer, "9", **two)

        assert stale.status_code == 422
        assert f"in another tab the order has become: 5 × {offer.name}" in stale.text
        assert 'value="9"' in stale.text
        assert OrderDraft.objects.get().quantities == {offer.pk: 5}
        assert choose(staff, draft, offer, "9", **hidden(stale)).status_code == 302
        assert OrderDraft.objects.get().quantities == {offer.pk: 9}

    def test_a_number_typed_in_a_stale_tab_is_told_beside_the_total(self, staff, draft, offer):
        one, two = (hidden(staff.open(SUBSCRIPTIONS, draft.pk)) for _ in range(2))
        choose(staff, draft, offer, "5", **one)

        stale = staff.send(SUBSCRIPTIONS, draft.pk, data=licenses(offer, "9") | two)

        assert stale.context["picker"].news
        assert hidden(stale)["seen"] == two["seen"]
        assert OrderDraft.objects.get().quantities == {offer.pk: 5}


class TestAutosave:
    def test_the_first_change_begins_a_draft_with_an_address(self, staff):
        page = hidden(staff.open(CREATE))
        response = staff.send(BEGIN, data={"company_name": "Vog", "email": "no"} | page, **HTMX)

        draft = OrderDraft.objects.get()
        assert response["HX-Replace-Url"] == staff.url(ACCOUNT, draft.pk)
        assert draft.reference in response.text and "saved" in response.text
        assert draft.account == {} and draft.typed["email"] == "no"
        again = staff.open(ACCOUNT, draft.pk)
        assert 'value="Vog"' in again.text and "There is a problem" not in again.text
        assert "Vog" in staff.open("subscriptions:order_list").text

    def test_it_becomes_one_draft_however_often_it_is_saved(self, staff):
        page = hidden(staff.open(CREATE))
        for name in ("V", "Vo", "Vog"):
            staff.send(BEGIN, data={"company_name": name} | page, **HTMX)
        staff.send(CREATE, data=typed() | page)

        draft = OrderDraft.objects.get()
        assert draft.account["company_name"] == "Vogel Optik GmbH" and draft.typed == {}

    def test_a_change_of_what_was_right_is_kept_beside_it(self, staff, reviewed):
        page = hidden(staff.open(ACCOUNT, reviewed.pk))
        staff.send(AUTOSAVE, reviewed.pk, data={"city": ""} | page, **HTMX)

        reviewed.refresh_from_db()
        assert reviewed.account["city"] == "Hamburg" and reviewed.typed["city"] == ""
        # The page that saved it goes on; nobody is told of a conflict with themselves.
        rest = typed(city="Kiel", reseller=reviewed.account["reseller"])
        assert staff.send(ACCOUNT, reviewed.pk, data=rest | page).status_code == 302

    def test_another_tabs_work_is_not_overwritten(self, staff, draft):
        one = hidden(staff.open(ACCOUNT, draft.pk)) | {"tab": uuid4()}
        two = hidden(staff.open(ACCOUNT, draft.pk)) | {"tab": uuid4()}
        staff.send(AUTOSAVE, draft.pk, data={"city": "Kiel"} | one, **HTMX)

        response = staff.send(AUTOSAVE, draft.pk, data={"city": "Bonn"} | two, **HTMX)

        assert "Not saved" in response.text
        draft.refresh_from_db()
        assert draft.typed["city"] == "Kiel"

    def test_a_colleague_saves_nothing(self, colleague, draft):
        response = colleague.send(AUTOSAVE, draft.pk, data={"city": "Kiel"}, **HTMX)

        assert response.status_code == 409
        draft.refresh_from_db()
        assert draft.typed == {}

    def test_hostile_typing_is_only_text(self, staff, draft):
        data = {"city": "\x00" * 9 + "<b>" + "x" * 9999, "evil": "1", "tab": "\x00", "seen": ""}

        assert staff.send(AUTOSAVE, draft.pk, data=data, **HTMX).status_code == 200
        draft.refresh_from_db()
        assert list(draft.typed) == ["city"] and len(draft.typed["city"]) == 500
        assert staff.open(ACCOUNT, draft.pk).status_code == 200

    def test_without_script_it_leads_to_the_form(self, staff, draft):
        response = staff.send(AUTOSAVE, draft.pk, data={"city": "Kiel"})
        assert response["Location"] == staff.url(ACCOUNT, draft.pk)


@pytest.mark.django_db(transaction=True)
def test_thirty_colleagues_take_over_at_once_and_one_keeps_it(provider):
    with acting(OPERATOR):
        draft = OrderDraft.objects.create(provider=provider.organization, created_by=provider.user)
        people = [make_membership(organization=provider.organization) for _number in range(30)]

    def take(person):
        with acting(person.actor):
            services.take_over(draft, actor=person)
        connections.close_all()

    threads = [threading.Thread(target=take, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting(OPERATOR):
        entries = AuditEntry.objects.filter(action="orderdraft.taken_over")
        draft.refresh_from_db()
        assert draft.taken_by in {person.user for person in people}
        assert entries.count() == 30
