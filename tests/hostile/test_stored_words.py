"""What got into the database, by whatever way, is shown as words and never as markup."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse

from subscriptions.models import Offer, OfferPrice, OrderDraft, Product
from tests.hostile.canaries import models_with_text, rewrite
from tests.hostile.scene import KINDS, Scene
from tests.test_access import PAGES

MARKUP = "<b x>"
# Leaves a text or an attribute, quoted one way or the other.
BREAKOUT = f"'\"{MARKUP}"
# Columns that only ever hold what their form or the program itself lets through.
STRICT = {"slug", "email", "username", "account_name", "mpn_id", "key", "nonce"}


def markup(field, pk):
    strict = isinstance(field, models.EmailField | models.URLField) or field.name in STRICT
    return None if strict else f"{BREAKOUT}{str(pk)[-6:]}"


@pytest.fixture
def scene(db):
    """Our world with markup in every column of text."""
    scene = Scene()
    for model in (*models_with_text(), Product, Offer, OfferPrice):
        rewrite(model._base_manager.all(), markup)
    account = scene.draft.account | {"company_name": BREAKOUT, "city": BREAKOUT}
    OrderDraft.objects.filter(pk=scene.draft.pk).update(account=account)
    return scene


INVITATIONS = ("invitation", "invitation_ask", "invitation_decline")


def spoken(browser, urls):
    """The addresses whose pages speak markup, and how many pages quote it harmlessly.

    Files are no pages: a browser keeps them and shows none of what is in them.
    """
    loud, quoted = [], 0
    for url in urls:
        response = browser.get(url, follow=True)
        if response.get("Content-Disposition", "").startswith("attachment"):
            assert response["Content-Type"].startswith(("text/csv", "text/plain"))
            continue
        page = response.text
        loud += [url] if MARKUP in page else []
        quoted += "&lt;b x&gt;" in page
    return loud, quoted


@pytest.mark.parametrize("who", KINDS.values())
def test_pages_of_organizations(scene, who):
    own = [
        scene.url(name, who, [f"world.{attribute}" for attribute in page.about])
        for name, page in PAGES.items()
        if page.method == "get"
    ]
    more = [
        scene.url("subscriptions:draft_review", who, ["draft"]),
        scene.url("subscriptions:draft_subscriptions", who, ["draft"]),
        scene.url("subscriptions:order_detail", who, ["failed_order"]),
        scene.url("partners:request_detail", who, ["sent"]),
        scene.url("partners:reseller_list", who, view="pending"),
        scene.url("customers:customer_list", who, open=scene.customer.reference),
        scene.url("subscriptions:draft_create", who, reseller=scene.partnership.reference),
    ]

    loud, quoted = spoken(scene.browser(who), own + more)

    assert loud == []
    assert quoted >= 5  # the markup is there


@pytest.mark.parametrize("who", ["", "candidate"])
def test_pages_for_everybody(scene, who):
    names = ["provider_directory", "enroll", "enroll_you", "home", "account_login"]
    urls = [scene.url(name) for name in names]
    urls += [scene.url("provider_profile", about=["slug"])]
    urls += [scene.url(name, about=["token"]) for name in INVITATIONS]

    loud, quoted = spoken(scene.browser(who), urls)

    assert loud == []
    assert quoted >= 3


@pytest.mark.parametrize("who", ["newly", "applicant", "waiting"])
def test_pages_of_an_enrolment(scene, who):
    names = ["enroll", "enroll_you", "enroll_code", "enroll_company", "enroll_identifiers"]
    urls = [scene.url(name) for name in (*names, "enroll_agreement", "enroll_review")]

    loud, quoted = spoken(scene.browser(who), urls)

    assert loud == []
    assert quoted >= 1


def test_pages_of_operators(scene):
    urls = []
    for model in apps.get_models():
        if model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            row = model._base_manager.first()
            urls.append(reverse(f"{name}_changelist"))
            urls += [reverse(f"{name}_change", args=[row.pk])] if row else []

    loud, quoted = spoken(scene.browser("operator"), urls)

    assert loud == []
    assert quoted >= 20
