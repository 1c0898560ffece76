"""An address is proven by a code that is sent there, and by nothing else."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from partners import codes, services, tasks
from partners.models import Enrolment
from portal.accounts.models import User
from portal.outbox.models import OutboxMessage
from portal.scope import OPERATOR, acting
from tests.factories import make_membership, make_user
from tests.partners.enrolling import PERSON, Applicant, latest_code, waiting_for_code

EMAIL = PERSON["email"].lower()


@pytest.fixture
def visitor(db):
    return Applicant()


@pytest.fixture
def unlimited(settings):
    settings.ACCOUNT_RATE_LIMITS = False


BAD = [
    {"first_name": ""},
    {"last_name": "\x07"},
    {"first_name": "x" * 51},
    {"first_name": "Win at www.evil.example"},
    {"last_name": "evil.com"},
    {"email": ""},
    {"email": "nobody"},
    {"email": f"{'x' * 200}@kessler.example"},
    {"email": "kessler@gmail.com"},
    {"email": "kessler@yahoo.co.uk"},
    {"email": "kessler@web.de"},
    {"email": "kessler@GMX.net"},
    {"phone": "call me"},
    {"password": ""},
    {"password": "short"},
    {"password": "123456789012345"},
    {"password": "password1234"},
    {"password": "M.Kessler@kessler-it.example"},
    {"password": "x" * 129},
]


@pytest.mark.parametrize("changes", BAD)
def test_bad_input_is_refused_at_the_field_and_writes_nothing(visitor, changes):
    response = visitor.begins(**changes)

    assert response.status_code == 422
    assert next(iter(changes)) in response.context["form"].errors
    assert not User.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_what_was_typed_is_kept_except_the_password(visitor):
    response = visitor.begins(last_name="")

    assert PERSON["email"] in response.text
    assert PERSON["password"] not in response.text


def test_before_the_proof_nobody_can_sign_in_and_no_address_is_taken(visitor):
    visitor.begins()

    person = User.objects.get()
    assert not person.is_active and person.email == ""
    login = {"login": EMAIL, "password": PERSON["password"]}
    assert visitor.browser.post(reverse("account_login"), login).status_code == 200
    assert visitor.open("enroll_company").status_code == 302


def test_the_code_signs_the_person_in(visitor):
    visitor.begins()

    response = visitor.types_code()

    person = User.objects.get()
    assert response["Location"] == reverse("enroll")
    assert (person.username, person.email, person.is_active) == (EMAIL, EMAIL, True)
    assert check_password(PERSON["password"], person.password)
    assert visitor.open().context["user"] == person
    assert Enrolment.objects.get().email_confirmed_at is not None


def test_the_mail_goes_to_the_address_and_the_code_is_stored_nowhere(visitor):
    visitor.begins()
    code = latest_code()

    assert mail.outbox[-1].to == [EMAIL]
    assert code not in str(Enrolment.objects.values().get())
    assert code not in str(list(OutboxMessage.objects.values()))
    assert OutboxMessage.objects.get().organization is None


def test_blanks_in_the_code_do_not_matter(visitor):
    visitor.begins()
    code = latest_code()

    assert visitor.types_code(f" {code[:4]} {code[4:]} ").status_code == 302
    assert Enrolment.objects.get().email_confirmed_at is not None


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "١٢٣٤٥٦٧٨", "\x00"])
def test_what_is_no_code_is_refused_and_not_counted(visitor, typed):
    visitor.begins()
    latest_code()

    assert visitor.send("enroll_code", {"code": typed}).status_code == 422
    assert Enrolment.objects.get().code_attempts == 0


def wrong(code):
    return f"{(int(code) + 1) % 10**8:08}"


def test_after_five_wrong_codes_the_right_one_is_too_late(visitor):
    visitor.begins()
    code = latest_code()
    for _attempt in range(codes.ATTEMPTS):
        assert "not the code of the latest email" in visitor.types_code(wrong(code)).text

    response = visitor.types_code(code)

    assert response.status_code == 422
    assert "Too many wrong codes" in response.text
    assert not User.objects.get().is_active


def test_after_half_an_hour_it_is_too_late(visitor):
    visitor.begins()
    code = latest_code()
    assert Enrolment.objects.get().code_until <= now() + timedelta(minutes=30)
    Enrolment.objects.update(code_until=now() - timedelta(seconds=1))

    assert "not valid any more" in visitor.types_code(code).text
    assert not User.objects.get().is_active


def test_a_new_code_ends_the_one_before(visitor, unlimited):
    visitor.begins()
    old = latest_code()
    OutboxMessage.objects.all().delete()  # another minute
    visitor.send("enroll_code_resend")
    new = latest_code()

    assert visitor.types_code(old).status_code == 422
    assert visitor.types_code(new).status_code == 302


def test_codes_are_not_sent_one_after_the_other(visitor):
    visitor.begins()

    response = visitor.browser.post(reverse("enroll_code_resend"), follow=True)

    assert "in 3 minutes" in response.text
    assert OutboxMessage.objects.count() == 1


def test_another_address_needs_a_code_of_its_own(visitor, unlimited):
    visitor.begins()
    code = latest_code()
    visitor.begins(email="maren@kessler-it.example")

    assert visitor.types_code(code).status_code == 422
    latest_code()
    assert mail.outbox[-1].to == ["maren@kessler-it.example"]


@pytest.mark.parametrize("taken", [EMAIL, EMAIL.upper()])
def test_an_address_in_use_looks_the_same_and_is_told_by_mail(visitor, work, taken):
    make_user("somebody", email=taken)

    response = visitor.begins()

    assert response["Location"] == reverse("enroll_code")
    assert visitor.open("enroll_code").status_code == 200
    [sent] = work()
    assert sent.to == [EMAIL]
    assert "You have an account" in sent.subject
    assert reverse("account_login") in sent.body
    assert Enrolment.objects.get().code_hash == ""
    assert visitor.types_code("12345678").status_code == 422


def test_two_people_with_one_address_only_the_reader_of_the_mail_gets_in(unlimited, db):
    """Whoever was first to type an address and a password gains nothing by it."""
    attacker, owner = Applicant(), Applicant(Client())
    attacker.begins(password="the attacker knows this")
    latest_code()
    owner.begins()
    code = latest_code()

    assert attacker.types_code(code).status_code == 422
    assert owner.types_code(code).status_code == 302
    person = User.objects.get(email=EMAIL)
    assert person.check_password(PERSON["password"])


def test_an_address_that_became_an_account_meanwhile(visitor):
    visitor.begins()
    code = latest_code()
    make_user(EMAIL)

    assert visitor.types_code(code).status_code == 422
    assert User.objects.filter(email=EMAIL).count() == 1
    assert Enrolment.objects.get().email_confirmed_at is None


def test_one_press_of_the_button_is_one_person(visitor):
    page = visitor.open("enroll_you")
    submission = page.context["form"]["submission"].value()

    for _press in range(2):
        visitor.begins(submission=str(submission))

    assert User.objects.count() == Enrolment.objects.count() == 1


def test_somebody_signed_in_proves_the_contact_address(browser_of, stranger):
    me = Applicant(browser_of(stranger))

    assert me.begins(password=None)["Location"] == reverse("enroll_code")
    assert me.types_code()["Location"] == reverse("enroll")

    enrolment = Enrolment.objects.get()
    assert enrolment.applicant == stranger.user
    assert enrolment.email == EMAIL and enrolment.email_confirmed_at
    assert me.open("enroll_code")["Location"] == reverse("enroll")


def test_a_contact_address_may_be_a_colleagues_account(browser_of, stranger):
    colleague = make_user(EMAIL)
    me = Applicant(browser_of(stranger))
    me.begins(password=None)

    assert me.types_code().status_code == 302
    colleague.refresh_from_db()
    assert colleague.email == EMAIL


def test_too_many_attempts_are_slowed_down(visitor):
    answers = {visitor.begins(first_name="").status_code for _ in range(25)}

    assert answers == {422, 429}


def test_who_never_proves_the_address_is_forgotten(visitor):
    visitor.begins()
    tasks.forget_unproven()
    assert User.objects.count() == 1

    User.objects.update(date_joined=now() - timedelta(days=3))
    tasks.forget_unproven()
    assert User.objects.count() == 1  # a code was sent a moment ago

    OutboxMessage.objects.update(created_at=now() - timedelta(days=3))
    tasks.forget_unproven()

    assert not User.objects.exists() and not Enrolment.objects.exists()


def test_who_proves_it_while_the_round_comes_by_stays(visitor, monkeypatch):
    """Between the round's look at everybody and its turn to them."""
    visitor.begins()
    code, forget = latest_code(), codes._forget
    User.objects.update(date_joined=now() - timedelta(days=3))
    OutboxMessage.objects.update(created_at=now() - timedelta(days=3))

    def prove_first(pk):
        visitor.types_code(code)
        return forget(pk)

    monkeypatch.setattr(codes, "_forget", prove_first)
    tasks.forget_unproven()

    assert User.objects.get().username == EMAIL
    assert Enrolment.objects.get().email_confirmed_at


def test_nobody_else_is_ever_forgotten(db):
    old = now() - timedelta(days=900)
    make_membership(), make_user("enrolment-office@kessler.example")
    make_user("gone@kessler.example", is_active=False)
    User.objects.update(date_joined=old)

    assert codes.forget_unproven() == 0
    assert User.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_guessing_at_the_same_moment_gets_no_further():
    with acting(OPERATOR):
        enrolment = waiting_for_code(make_user(EMAIL), "00000000")
    barrier, answers = Barrier(12), []

    def guess(number):
        try:
            barrier.wait()
            answers.append(services.confirm_email(enrolment, f"{number:08}"))
        finally:
            connection.close()

    threads = [Thread(target=guess, args=[number]) for number in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 12 and all(answers)
    assert sum("Too many" in answer for answer in answers) == 12 - codes.ATTEMPTS
    with acting(OPERATOR):
        assert Enrolment.objects.get().code_attempts == codes.ATTEMPTS
