"""The same button pressed several times at the same moment, committed for real.

Also raced, in the tests of their apps: accepting an invitation, submitting the wizard, adding a
subscription, displaying the setup info, adding a customer, and the worker's claim of its work.
"""

from collections import Counter
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from customers.models import AdminAccount
from partners.models import Enrolment, Partnership, PartnershipRequest
from portal.accounts.models import Organization, User
from portal.audit.models import AuditEntry
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from subscriptions.models import OrderDraft, Subscription
from tests.hostile.forms import FORMS, acceptance, account, change, enrolment, removal, seen
from tests.hostile.scene import Scene

PRESSES = 5
RENEWALS = ("extend", "resend")
SOMEBODY_WAS_FASTER = {302, 409, 410, 422}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db):
    with acting(OPERATOR):
        return Scene()


@pytest.fixture
def as_operator(transactional_db):
    with acting(OPERATOR):
        yield


def copy_of(browser):
    copy = Client()
    copy.cookies = browser.cookies.copy()
    return copy


def press_at_once(presses):
    """Post each (browser, url, data) in a thread of its own; returns the statuses."""
    barrier, answers = Barrier(len(presses)), []

    def press(browser, url, data):
        try:
            barrier.wait()
            answers.append(browser.post(url, data).status_code)
        finally:
            connection.close()

    threads = [Thread(target=press, args=each) for each in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def press_often(scene, name, variant="", **changes):
    """One person presses the button of a Form several times; returns the statuses."""
    form = next(form for form in FORMS if (form.name, form.variant) == (name, variant))
    with acting(OPERATOR):
        browser, url = scene.browser(form.who), scene.url(name, form.who, form.about)
        data = form.valid(scene) | changes
    answers = press_at_once([(copy_of(browser), url, data)] * PRESSES)
    assert set(answers) <= SOMEBODY_WAS_FASTER
    assert sum(answers.values()) == PRESSES
    return answers


def recorded(action):
    """How often something is on record with one of the organizations concerned."""
    with acting(OPERATOR):
        entries = AuditEntry.objects.filter(action=action)
        copies = Counter(entries.values_list("organization", flat=True))
    return max(copies.values(), default=0)


def test_remove_partnership(scene):
    answers = press_often(scene, "subscriptions:partnership_remove")

    assert answers[302] >= 1
    assert recorded("partnership.removed") == 1
    with acting(OPERATOR):
        scene.partnership.refresh_from_db()
        assert scene.partnership.status == Partnership.Status.REMOVED


def test_try_a_delivery_again(scene):
    answers = press_often(scene, "outbox:message_retry")

    assert answers == {302: PRESSES}
    assert recorded("outboxmessage.retried") == 1


def test_accept_the_agreement(scene):
    answers = press_often(scene, "partners:agreement")

    assert answers == {302: PRESSES}
    assert recorded("agreement.accepted") == 1


def test_reset_the_admin_password(scene):
    """Each press asks for a new password; whoever asked last may see one, once."""
    press_often(scene, "customers:admin_password_reset")

    with acting(OPERATOR):
        reset = AdminAccount.objects.get(customer=scene.provisioned)
        assert reset.status == AdminAccount.Status.RESET
        assert not reset.user.has_usable_password()


def test_reset_and_reveal(scene):
    """A password that was shown before the reset no longer works after it."""
    reveal = scene.url("customers:setup_info_reveal", "staff", ["provisioned"])
    reset = scene.url("customers:admin_password_reset", "staff", ["provisioned"])
    with acting(OPERATOR):
        browser = scene.browser("staff")
    presses = [(copy_of(browser), url, {}) for url in (reveal, reset)]

    answers = press_at_once(presses)

    assert answers == {200: 1, 302: 1}
    with acting(OPERATOR):
        handed_over = AdminAccount.objects.get(customer=scene.provisioned)
        shown = handed_over.status == AdminAccount.Status.REVEALED
        assert handed_over.user.has_usable_password() == shown


def test_begin_to_enrol(scene):
    """One press of the button is one person, whoever else is enrolling."""
    with acting(OPERATOR):
        before = Enrolment.objects.count()
        data = enrolment(scene)

    answers = press_often(scene, "enroll_you", **data)

    assert answers[302] >= 1
    with acting(OPERATOR):
        assert Enrolment.objects.count() == before + 1


def test_begin_a_further_enrolment(scene):
    answers = press_often(scene, "enroll_you", "member")

    assert answers[302] >= 1
    with acting(OPERATOR):
        assert Enrolment.objects.filter(applicant=scene.candidate.user).count() == 1


def test_prove_an_address(scene):
    answers = press_often(scene, "enroll_code")

    assert answers == {302: PRESSES}


def test_submit_an_enrolment(scene):
    answers = press_often(scene, "enroll_review")

    assert answers == {302: PRESSES}
    with acting(OPERATOR):
        assert Enrolment.objects.filter(status="submitted").count() == 2


def test_approve_reject_and_take_back(scene):
    """Two operators, one of them impatient, and the applicant."""
    with acting(OPERATOR):
        waiting = Enrolment.objects.get(applicant=scene.waiting)
        operators, applicant = scene.browser("operator"), scene.browser("waiting")
    decide = [
        reverse("admin:partners_enrolment_decide", args=[waiting.pk, name])
        for name in ("approve", "approve", "reject", "hand-back")
    ]
    data = {"reason": "No", "seen": waiting.submitted_at.isoformat()}
    presses = [(copy_of(operators), url, data) for url in decide]
    presses.append((copy_of(applicant), reverse("enroll_take_back"), {}))

    answers = press_at_once(presses)

    assert set(answers) <= SOMEBODY_WAS_FASTER
    with acting(OPERATOR):
        waiting.refresh_from_db()
        companies = Organization.objects.filter(name=waiting.name).count()
        assert companies == (waiting.status == "approved")
        decisions = OutboxMessage.objects.filter(key__startswith=f"enrolment:{waiting.pk}:")
        assert decisions.count() <= 1


def test_ask_for_a_new_link(scene):
    answers = press_often(scene, "invitation_new_link")

    assert answers == {302: PRESSES}
    assert recorded("partnershiprequest.wanted") == 1
    with acting(OPERATOR):
        assert OutboxMessage.objects.filter(key__contains=":wanted:").count() == 1


def test_send_a_request(scene):
    answers = press_often(scene, "partners:request_draft", "send")

    assert answers[302] >= 1
    assert recorded("partnershiprequest.sent") == 1
    with acting(OPERATOR):
        assert OutboxMessage.objects.filter(key__contains="partnershiprequest").count() == 1


def test_remind(scene):
    press_often(scene, "partners:request_remind")

    assert recorded("partnershiprequest.reminded") == 1


def test_extend(scene):
    press_often(scene, "partners:request_extend")

    assert recorded("partnershiprequest.extended") == 1


def test_extend_and_send_again(scene):
    """Whoever is first makes the new link; the other is told."""
    with acting(OPERATOR):
        browser, data = scene.browser("staff"), seen(scene)
    urls = [scene.url(f"partners:request_{what}", "staff", ["mailed"]) for what in RENEWALS]

    answers = press_at_once([(copy_of(browser), url, data) for url in urls * 2])

    assert answers == {302: 4}
    assert sum(recorded(f"partnershiprequest.{what}") for what in ("extended", "resent")) == 1
    with acting(OPERATOR):
        assert OutboxMessage.objects.filter(task="partners.tasks.send_request").count() == 1


def test_ask_again(scene):
    with acting(OPERATOR):
        before = PartnershipRequest.objects.count()

    press_often(scene, "partners:request_again")

    with acting(OPERATOR):
        assert PartnershipRequest.objects.count() == before + 1


def test_save_a_text(scene):
    answers = press_often(scene, "partners:letter_edit")

    assert answers[302] >= 1
    assert recorded("lettertemplate.changed") == 1


def test_accept_decline_and_withdraw(scene):
    with acting(OPERATOR):
        candidate, staff = scene.browser("candidate"), scene.browser("staff")
        yes, no = acceptance(scene), {"company": scene.candidate.organization.slug}
    presses = [
        (copy_of(candidate), scene.url("invitation", about=["token"]), yes),
        (copy_of(candidate), scene.url("invitation_decline", about=["token"]), no),
        (staff, scene.url("partners:request_withdraw", "staff", ["sent"]), {}),
    ]

    answers = press_at_once(presses)

    assert set(answers) <= SOMEBODY_WAS_FASTER
    with acting(OPERATOR):
        answered = PartnershipRequest.objects.get(pk=scene.sent.pk)
        accepted = answered.status == PartnershipRequest.Status.ACCEPTED
        assert Partnership.objects.filter(request=answered).count() == accepted
    states = ("accepted", "declined", "withdrawn")
    assert sum(recorded(f"partnershiprequest.{state}") for state in states) == 1


def test_cancel_an_order(scene):
    answers = press_often(scene, "subscriptions:order_cancel")

    assert answers[302] == 1
    assert recorded("order.cancelled") == 1


def test_start_a_waiting_order(scene):
    answers = press_often(scene, "subscriptions:order_start")

    assert answers[302] >= 1
    assert recorded("order.placed") == recorded("customer.agreed") == 1


def test_try_a_line_again(scene):
    press_often(scene, "subscriptions:line_retry")

    assert recorded("orderline.pending") == 1
    with acting(OPERATOR):
        scene.line.refresh_from_db()
        assert scene.line.attempt == 2
        assert OutboxMessage.objects.filter(key__startswith="orderline").count() == 1


def test_begin_a_draft(scene):
    with acting(OPERATOR):
        data = account(scene)
        before = OrderDraft.objects.count()

    answers = press_often(scene, "subscriptions:draft_create", **data)

    assert answers[302] >= 1
    with acting(OPERATOR):
        assert OrderDraft.objects.count() == before + 1


def test_ask_for_a_partnership(scene):
    answers = press_often(scene, "partners:request_create")

    assert answers[302] >= 1
    assert recorded("partnershiprequest.drafted") == 1


def test_change_a_subscription_differently(scene):
    """One change is written; the others are told what it was."""
    url = scene.url("subscriptions:subscription_detail", "staff", ["subscription"])
    with acting(OPERATOR):
        browser, opened = scene.browser("staff"), change(scene)
    presses = [(copy_of(browser), url, opened | {"quantity": n}) for n in range(21, 26)]

    answers = press_at_once(presses)

    assert answers == {302: 1, 422: PRESSES - 1}
    assert recorded("subscription.changed") == 1
    with acting(OPERATOR):
        assert Subscription.objects.get(pk=scene.subscription.pk).version == 2


def test_choose_the_first_password(scene):
    press_often(scene, "first_password")

    with acting(OPERATOR):
        user = User.objects.get(pk=scene.newcomer.user_id)
    assert user.check_password("another long phrase") and not user.must_change_password
    assert recorded("user.password_changed") == 1


def test_remove_a_partnership_while_its_customer_is_added(scene):
    """Either the customer is there and then the partnership ends, or Submit is told."""
    draft, before = scene.draft, recorded("customer.added")
    review = scene.url("subscriptions:draft_review", "staff", ["draft"])
    with acting(OPERATOR):
        browser, confirmed = scene.browser("staff"), removal(scene)
    seen = browser.get(review).context["review"].fingerprint
    remove = scene.url("subscriptions:partnership_remove", "staff", ["reseller"])
    presses = [
        (copy_of(browser), review, {"seen": seen}),
        (copy_of(browser), remove, confirmed),
    ]

    answers = press_at_once(presses)

    assert set(answers) <= SOMEBODY_WAS_FASTER and answers[302] >= 1
    with acting(OPERATOR):
        scene.partnership.refresh_from_db()
        assert scene.partnership.status == Partnership.Status.REMOVED
        draft.refresh_from_db()
        assert recorded("customer.added") - before == (draft.order_id is not None)
