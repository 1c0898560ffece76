"""Races for a temporary password, a domain name and a relationship with a customer.

``benchmarks.races`` runs them, with Django set up.
"""

from itertools import count as numbered

from django.urls import reverse

from benchmarks.racing import copies_of, count, press_at_once, status_of
from customers.models import Customer, RelationshipRequest
from portal.accounts.models import User
from portal.accounts.roles import Kind
from portal.scope import OPERATOR, acting
from tests.conftest import Browser
from tests.customers.conftest import add_customer, allowed, do_background_work, ticked
from tests.customers.test_show_setup_info import password_in
from tests.factories import (
    make_membership,
    make_offer,
    make_partner,
    make_partnership,
    make_relationship_request,
)
from tests.subscriptions.conftest import REVIEW, begin, choose, seen

LOOKERS = 40
DRAFTS = 20
PRESSES = 20
prefixes = (f"race{number}" for number in numbered(1))


def one_temporary_password():
    """Everybody asks in the session that may see it; counts passwords shown, 0 if one is wrong."""
    customer, browser = provisioned()
    url = browser.url("customers:setup_info_reveal", customer.pk)
    answers = press_at_once([(copy, url, {}) for copy in copies_of(browser, LOOKERS)])
    pages = [password_in(answer) for answer in answers if status_of(answer) == 200]
    shown = [password for password in pages if password]
    user = User.objects.get(username=customer.admin_account.account_name)
    return count(answers), len(shown) if all(map(user.check_password, shown)) else 0


def provisioned():
    """A customer whose admin account is ready, and the browser that may see its setup info."""
    with acting(OPERATOR):
        provider, reseller = (
            make_membership(organization=make_partner(Kind.PROVIDER)),
            make_partner(),
        )
        make_partnership(provider.organization, reseller)
        customer = add_customer(provider, reseller, domain=next(prefixes))
    do_background_work()
    return customer, allowed(Browser(provider), customer)


def one_domain_name():
    """Drafts of two providers, each submitted by a person of its own; counts the customers."""
    prefix = next(prefixes)
    answers = count(press_at_once(drafts(prefix)), told_free_names)
    with acting(OPERATOR):
        made = Customer.objects.filter(organization__domain__startswith=f"{prefix}.").count()
    return answers, made if answers[302] == 1 else 0


def drafts(prefix):
    """Presses of *Submit* on drafts of new customers who all want this domain name."""
    with acting(OPERATOR):
        providers, offer = [make_partner(Kind.PROVIDER) for _ in range(2)], make_offer()
        staff = [make_membership(organization=providers[n % 2]) for n in range(DRAFTS)]
    return [ready(Browser(person), prefix, offer) for person in staff]


def ready(browser, prefix, offer):
    with acting(OPERATOR):
        draft = begin(browser, domain=prefix)
    choose(browser, draft, offer, 5)
    data = {"seen": seen(browser.open(REVIEW, draft.pk))}
    return browser, browser.url(REVIEW, draft.pk), data


def told_free_names(answer):
    """The status; words for a refusal that doesn't say what is wrong and what is free."""
    if status_of(answer) == 422 and ".onportal.example is taken. Try " not in answer.text:
        return "422 without free names"
    return status_of(answer)


def one_relationship():
    """Two global admins of a company accept the same request, often; counts relationships."""
    company, presses = accepting()
    answers = press_at_once(presses)
    with acting(OPERATOR):
        accepted = RelationshipRequest.objects.filter(organization=company, status="accepted")
        made = Customer.objects.filter(organization=company).count()
        return count(answers), made if accepted.count() == 1 else 0


def accepting():
    """The company, and presses of *Accept* by both of its global admins in turn."""
    with acting(OPERATOR):
        partnership = make_partnership(make_partner(Kind.PROVIDER), make_partner())
        url = reverse("relationship_request", args=[make_relationship_request(partnership).token])
        company = make_partner(Kind.CUSTOMER)
        admins = [make_membership(organization=company) for _ in range(2)]
        browsers = [copy for one in admins for copy in copies_of(Browser(one), PRESSES // 2)]
    return company, [(browser, url, ticked(admins[0])) for browser in browsers]


RACES = [
    (f"One temporary password, {LOOKERS} looks", one_temporary_password, "passwords"),
    (f"One domain name, {DRAFTS} drafts", one_domain_name, "customers"),
    (f"One relationship, {PRESSES} presses by two admins", one_relationship, "relationships"),
]
