"""What the pages of Django admin take over many rows: front page, lists, searches, changes.

Run with ``python -m devstack test benchmarks.admin``. BENCH_MANY (default 1,000,000) is how many
audit entries, deliveries and people there are, and a tenth as many organizations; BENCH_ROWS
(default 20,000) how many customers and subscriptions.
"""

import os
import time

from benchmarks.lists import database, prepare

MANY = int(os.environ.get("BENCH_MANY", "1000000"))
SLOW = 0.5  # seconds

LOW = "(select min(id) low from accounts_organization where slug like 'company-%%') o"
FILL = f"""
insert into accounts_organization (name, slug, kind, country, created_at, suspension_reason)
  select 'Company ' || n, 'company-' || n, 'reseller', 'DE', now(), ''
  from generate_series(1, %(tenth)s) n;
insert into accounts_user (password, is_superuser, username, first_name, last_name, email,
    is_staff, is_active, date_joined, language, time_zone, must_change_password,
    is_demonstration, session_epoch)
  select '!', false, 'person' || n || '@kunde.example', 'Ada', 'Wong' || n,
    'ada' || n || '@mail.example', false, true, now(), 'en', 'Europe/Berlin', false, false, 0
  from generate_series(1, %(many)s) n;
insert into outbox_outboxmessage (id, organization_id, task, kwargs, key, subject, recipient,
    status, attempts, available_at, last_error, created_at)
  select gen_random_uuid(), o.low + n %% %(tenth)s, 'partners.tasks.send', '{{}}', 'k' || n,
    'A letter ' || n, 'lea' || n || '@kunde.example',
    case n %% 100 when 0 then 'failed' when 1 then 'uncertain' else 'done' end,
    1, now(), '', now() - n * interval '1 minute'
  from generate_series(1, %(many)s) n, {LOW};
insert into audit_auditentry (id, at, organization_id, action, target_type, target_id, details,
    request_reference)
  select gen_random_uuid(), now() - n * interval '1 minute', o.low + n %% %(tenth)s,
    case n %% 3 when 0 then 'customer.added' else 'subscription.changed' end,
    'customers.customer', n::text, '{{}}', ''
  from generate_series(1, %(many)s) n, {LOW};
"""


def main():
    """Fill a database, ask every page once cold and three times warm, print what is slow."""
    with database():
        prepare()
        fill()
        times = sorted(measure(operator()), reverse=True)
        for seconds, status, words in times[:15]:
            print(f"{seconds * 1000:8.0f} ms  {status}  {words}", flush=True)
        slow = [words for seconds, _status, words in times if seconds > SLOW]
        print(f"{len(times)} pages, {len(slow)} of them slower than {SLOW} s", flush=True)


def fill():
    from django.db import connection

    from portal.scope import OWNER, Actor, acting, connected_as

    unchained = "alter table audit_auditentry disable trigger user"
    for statement in (unchained, *FILL.split(";\n")):
        with acting(Actor(OWNER)), connection.cursor() as cursor:
            if statement.strip():
                cursor.execute(statement, {"many": MANY, "tenth": MANY // 10})
    with connected_as(OWNER), connection.cursor() as cursor:
        cursor.execute("analyze")


def operator():
    from django.test import Client

    from portal.scope import OPERATOR, acting
    from tests.factories import make_user

    with acting(OPERATOR):
        user = make_user("operator@portal.test", is_staff=True, is_superuser=True)
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(user, backend="portal.accounts.backends.AccountBackend")
    return browser


def measure(browser):
    """(best of three seconds, status, page) of every page of every model."""
    for words, url in pages():
        best = 60
        for _round in range(3):
            started = time.perf_counter()
            response = browser.get(url)
            best = min(best, time.perf_counter() - started)
        yield best, response.status_code, words


def pages():
    from django.contrib import admin
    from django.urls import reverse

    from portal.scope import OPERATOR, acting

    yield "front page", reverse("admin:index")
    for model, options in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        changelist = reverse(f"{name}_changelist")
        yield f"{model.__name__}: list", changelist
        yield f"{model.__name__}: page 90", f"{changelist}?p=90"
        if options.search_fields:
            for word in ("person77", "Company", "nothing-like-it", "C-7K3QX2"):
                yield f"{model.__name__}: search {word}", f"{changelist}?q={word}"
        with acting(OPERATOR):
            row = model._base_manager.first()
        if row:
            yield f"{model.__name__}: change", reverse(f"{name}_change", args=[row.pk])
    mails = reverse("admin:outbox_outboxmessage_changelist")
    yield "Failed emails", f"{mails}?status__exact=failed&work=mail"
    yield "Late", f"{mails}?work=late"


if __name__ == "__main__":
    main()
