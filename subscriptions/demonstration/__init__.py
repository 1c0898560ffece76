"""Invented companies to try the portal with: two providers, their resellers, some customers.

The products are real, the prices and everybody in here are not. Always the same data, so that
people can talk about what they see.
"""

from random import Random

from django.contrib.auth.hashers import make_password

from customers.models import Customer
from portal.accounts.models import User
from subscriptions.demonstration import (
    companies,
    customers,
    invited,
    license_requests,
    life,
    news,
    sales,
    saved_views,
    stories,
    troubles,
    users,
    waiting,
)
from subscriptions.demonstration.data import CUSTOMERS, PASSWORD
from subscriptions.models import Subscription


def load():
    """Create everything. Expects an empty portal, offers to sell and an operator's scope."""
    hashed = make_password(PASSWORD)
    firms = companies.found_companies()
    people = companies.employ(firms, hashed)
    name = "operator@portal.example"
    companies.create_person(name, "Olga", "Petrova", hashed, is_staff=True, is_superuser=True)
    partnerships = companies.make_partners(firms)
    companies.end_partnership(firms["nordwind"], firms["isar"], people["nordwind"][0].user)
    offers = sales.known_offers()
    albrecht = _serve(people, partnerships, offers)
    User.objects.filter(username="admin@albrecht.onportal.example").update(password=hashed)
    _go_on(people, albrecht, offers)
    news.tell(firms, people["kessler"][0])
    _wait(people, partnerships, hashed)


def _serve(people, partnerships, offers):
    """Customers of both providers, and what they bought; returns the first of all."""
    chance, served = Random(2021), []
    for slug, number in CUSTOMERS.items():
        seller = people[slug][0]
        partners = [p.reseller for p in partnerships if p.provider == seller.organization]
        new = customers.add_customers(seller.organization, partners, seller.user, number, chance)
        sales.sell(new, offers, seller.user, chance)
        served += new
    return served[0]


def _go_on(people, albrecht, offers):
    """Life after the first sale: changes, licenses, renewals, trouble."""
    anna, maren = people["nordwind"][0], people["kessler"][0]
    stories.enliven(people, offers[0][0])
    users.add(anna)
    own = Subscription.objects.filter(provider=anna.organization).exclude(customer=albrecht)
    kesslers = own.filter(reseller=maren.organization)
    license_requests.ask(albrecht, kesslers.filter(quantity=5).order_by("pk")[:2], offers, anna)
    life.turn(own.filter(quantity__gte=10).exclude(assigned__gt=0))
    troubled = Customer.objects.filter(pk__in=kesslers.values("customer")).active()
    troubles.trouble(list(troubled[:3]), offers, anna, maren)


def _wait(people, partnerships, hashed):
    """What waits for somebody: drafts, invitations, requests, enrolments."""
    nordwind = people["nordwind"]
    waiting.invite_resellers(nordwind[-1])
    waiting.begin_orders(nordwind)
    saved_views.keep(nordwind)
    invited.invite(nordwind[0], people["kessler"][0])
    waiting.ask_customers(partnerships, people)
    waiting.begin_enrolments(hashed)
