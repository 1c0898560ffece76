"""*Undo*: for twenty minutes, while nobody has acted, everything becomes what it was."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime, now

from customers.models import AdminAccount, DelegatedAdmin
from partners.models import Partnership
from partners.services import UndoRefused, accept_request, remove_partnership
from portal.accounts.roles import Role
from portal.audit.models import AuditEntry
from portal.lifecycle import transition
from subscriptions import services
from subscriptions.ending import Plan
from subscriptions.models import CustomerMove, Order, OrderLine, Subscription
from subscriptions.tasks import provision_line
from tests.factories import (
    make_customer,
    make_line,
    make_membership,
    make_move,
    make_offer,
    make_order,
    make_partnership,
    make_request,
    make_subscription,
)

UNDO = "subscriptions:reseller_undo"
ENDED = "subscriptions:reseller_ended"


@pytest.fixture
def alpina(partnership, stranger):
    make_partnership(partnership.provider, stranger.organization)
    return stranger.organization


@pytest.fixture
def vogel(partnership, alpina):
    """To be handed over to Alpina."""
    vogel = make_customer(partnership.provider, partnership.reseller, company_name="Vogel Optik")
    make_line(make_order(vogel), make_offer())
    make_subscription(
        vogel, reseller_of_record=partnership.location, support_contact=partnership.reseller
    )
    make_move(vogel, partnership, alpina)
    return vogel


@pytest.fixture
def direct(partnership):
    """To be taken to direct."""
    direct = make_customer(partnership.provider, partnership.reseller)
    make_line(make_order(direct), make_offer())
    make_subscription(direct)
    make_move(direct, partnership)
    return direct


@pytest.fixture
def end(partnership, provider):
    def press(**changes):
        seen = Plan(partnership).fingerprint
        services.end_partnership(
            partnership, actor=provider, seen=seen, statement_version="2026-01", **changes
        )
        partnership.refresh_from_db()

    return press


@pytest.fixture
def undo(partnership, provider, browser_of):
    def press(by=None):
        browser = browser_of(by or provider)
        url = browser.url(UNDO, partnership.reseller_id)
        response = browser.post(url, follow=True)
        partnership.refresh_from_db()
        return response

    return press


def everything():
    """All that the end of a partnership may touch, as plain values."""
    names = [Partnership, AdminAccount, DelegatedAdmin, Order, OrderLine, Subscription]
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in names}
    customers = sorted(AdminAccount.objects.values_list("customer__pk", "customer__reseller"))
    return rows | {"customers": customers}


@pytest.mark.parametrize("withdraw", [True, False])
def test_everything_is_exactly_what_it_was(end, undo, vogel, direct, partnership, withdraw):
    before = everything()
    end(withdraw=withdraw, reason="By mistake")
    assert everything() != before

    response = undo()

    after = everything()
    made = [row for row in after["DelegatedAdmin"] if row not in before["DelegatedAdmin"]]
    after["DelegatedAdmin"] = [row for row in after["DelegatedAdmin"] if row not in made]
    assert after == before
    assert [row["status"] for row in made] == ["revoked"]  # what Alpina had in between
    assert "is active again, and everything is as it was" in response.text
    assert not CustomerMove.objects.exists()


def test_it_is_on_record(end, undo, vogel, partnership, provider, reseller):
    end(withdraw=True)

    undo()

    for membership in (provider, reseller):
        recorded = AuditEntry.objects.visible_to(membership)
        for action in ("partnership.active", "customer.returned", "delegatedadmin.granted"):
            assert recorded.filter(action=action).last().actor == provider.user


def test_it_happens_once(end, undo, vogel, partnership, provider):
    end()
    undo()

    response = undo()

    assert "This partnership is active." in response.text
    actions = AuditEntry.objects.visible_to(provider).values_list("action", flat=True)
    assert list(actions).count("partnership.active") == 1


def test_a_colleague_with_the_same_right_may(end, undo, partnership, provider):
    end()
    undo(by=make_membership(Role.SALES_AGENT, organization=provider.organization))

    assert partnership.status == "active"


def test_a_colleague_without_the_right_may_not(end, undo, partnership, provider):
    end()
    colleague = make_membership(Role.USER_ADMIN, organization=provider.organization)

    assert undo(by=colleague).status_code == 403
    assert partnership.status == "removed"


def test_the_page_says_until_when(end, partnership, provider, browser_of):
    end()

    text = browser_of(provider).open(ENDED, partnership.reseller_id).text

    until = localtime(partnership.removed_at + timedelta(minutes=20))
    assert f"<strong>You can undo this until {until:%H:%M}</strong>" in text


def test_the_time_is_looked_at_when_it_is_pressed(end, undo, partnership, provider, browser_of):
    end()
    over = now() - Partnership.UNDO - timedelta(seconds=1)
    Partnership.objects.filter(pk=partnership.pk).update(removed_at=over)

    response = undo()

    assert partnership.status == "removed"
    assert "It could be undone until" in response.text
    assert "You can undo this" not in browser_of(provider).open(ENDED, partnership.reseller_id).text


def test_a_second_before_it_still_works(end, undo, partnership):
    end()
    last = now() - Partnership.UNDO + timedelta(seconds=20)
    Partnership.objects.filter(pk=partnership.pk).update(removed_at=last)

    undo()

    assert partnership.status == "active"


def test_only_the_side_that_ended_it(partnership, undo, reseller):
    remove_partnership(partnership, actor=reseller, statement_version="1")

    response = undo()

    assert partnership.status == "removed"
    assert "Kessler IT-Systemhaus ended it" in response.text


def order_more(customer, provider, reseller, stranger):
    offer = make_offer()
    services.place_order(
        customer,
        actor=provider,
        quantities={offer.pk: 1},
        reseller_of_record=None,
        submission="8a0e9d7a-6a41-4a36-9a9f-0d3f6f3c0000",
    )


def change(customer, provider, reseller, stranger):
    subscription = customer.subscriptions.first()
    services.change_subscription(
        subscription, actor=stranger, version=subscription.version, quantity=11
    )


def cancel(customer, provider, reseller, stranger):
    services.cancel_order(customer.orders.first(), actor=provider)


def revoke(customer, provider, reseller, stranger):
    """The customer's own global admin takes the former reseller's rights away."""
    right = customer.delegated_admins.granted().get(partner=reseller.organization)
    admin = make_membership(organization=customer.organization)
    transition(right, DelegatedAdmin.Status.REVOKED, actor=admin, revoked_at=now())


@pytest.mark.parametrize(
    "act,words",
    [
        (order_more, "placed an order"),
        (change, "changed a subscription"),
        (cancel, "cancelled a"),
        (revoke, "revoked delegated admin privileges"),
    ],
)
def test_once_somebody_acted_on_a_customer_it_is_too_late(
    end, undo, vogel, partnership, provider, reseller, stranger, act, words
):
    end()
    vogel.refresh_from_db()
    act(vogel, provider, reseller, stranger)
    before = everything()

    response = undo()

    assert partnership.status == "removed"
    assert f"Ada Wong {words}" in response.text
    assert f"{localtime():%H:}" in response.context["why_no_undo"]
    assert everything() == before


def test_what_happens_to_customers_that_stayed_does_not_matter(
    end, undo, vogel, partnership, provider, reseller, stranger
):
    left = make_customer(partnership.provider, partnership.reseller)
    end()
    order_more(left, provider, reseller, stranger)

    undo()

    assert partnership.status == "active"


def test_what_the_portal_does_by_itself_is_nobodys_act(end, undo, vogel, partnership):
    """An order that was under way is set up in the background."""
    line = OrderLine.objects.get(order__customer=vogel)
    line.subscription = make_subscription(vogel, line.offer, status="pending", started_on=None)
    line.save()
    end()
    provision_line(line.pk)
    line.refresh_from_db()
    assert line.status == "fulfilled"

    undo()

    line.refresh_from_db()
    assert partnership.status == "active"
    assert (line.status, line.reseller) == ("fulfilled", partnership.reseller)


@pytest.mark.parametrize("how", ["member", "profile", "former recipient", "asked again"])
def test_a_new_request_to_the_reseller_closes_it(end, undo, partnership, reseller, how):
    former = make_request(
        partnership.provider,
        recipient="First@kessler.example",
        status="accepted",
        reseller=partnership.reseller,
        answered_at=now(),
    )
    partnership.request = former
    partnership.save()
    profile = partnership.reseller.partner
    profile.email = "office@kessler.example"
    profile.save()
    end()
    recipient = {
        "member": reseller.user.email.upper(),
        "profile": "Office@kessler.example",
        "former recipient": "first@kessler.example",
        "asked again": "someone@else.example",
    }[how]
    previous = former if how == "asked again" else None
    make_request(partnership.provider, recipient=recipient, previous=previous)

    response = undo()

    assert partnership.status == "removed"
    assert "A new partnership was requested at" in response.text


def test_a_request_to_somebody_else_does_not(end, undo, partnership):
    end()
    make_request(partnership.provider, recipient="someone@else.example")

    undo()

    assert partnership.status == "active"


def test_a_new_partnership_closes_it(end, undo, partnership, provider):
    end()
    make_partnership(partnership.provider, partnership.reseller)

    with pytest.raises(UndoRefused) as refusal:
        services.undo_ending(partnership, actor=provider)

    assert "A new partnership between you began at" in refusal.value.reason
    assert "This partnership is active." in undo().text
    assert partnership.status == "removed"


def test_customers_settled_since_close_it(end, undo, partnership, provider, alpina):
    customer = make_customer(partnership.provider, partnership.reseller)
    end()
    make_move(customer, partnership, alpina)
    services.settle_customers(partnership, actor=provider, seen=Plan(partnership).fingerprint)

    response = undo()

    assert partnership.status == "removed"
    assert "A customer got another reseller at" in response.text


def test_asking_again_works_after_an_undo_and_another_end(end, undo, partnership, reseller):
    end()
    undo()
    end()
    asked = make_request(partnership.provider, recipient=reseller.user.email)

    again = accept_request(asked, actor=reseller, location=partnership.location)

    assert again.status == "active"
    assert Partnership.objects.active().get(reseller=reseller.organization) == again


def test_it_can_end_again_afterwards(end, undo, vogel, partnership, alpina):
    end(withdraw=True)
    undo()
    make_move(vogel, partnership, alpina)

    end()

    vogel.refresh_from_db()
    assert vogel.reseller == alpina


def test_thirty_customers_cost_as_many_queries_as_three(end, partnership, provider, alpina):
    """So that it also works for thousands within one request."""

    def cost(number):
        for _ in range(number):
            make_move(
                make_customer(partnership.provider, partnership.reseller), partnership, alpina
            )
        with CaptureQueriesContext(connection) as queries:
            end(withdraw=True)
            services.undo_ending(partnership, actor=provider)
        partnership.refresh_from_db()
        return len(queries)

    cost(1)
    assert cost(3) == cost(30)
