"""The house rules, as tests: who may import whom, how rows are reached, who writes a status."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from portal.audit.actions import ACTIONS
from portal.lifecycle import Lifecycle

ROOT = Path(__file__).resolve().parent.parent
APPS = ["portal", "partners", "customers", "subscriptions"]  # each may import those before it
WIRING = {"portal/urls.py", "portal/settings.py", "portal/organization_urls.py"}
SHARED_MODULES = {"models", "services", "forms"}  # all that one domain app may use of another
REQUEST_MODULES = {"views", "forms", "tables", "wizard"}
WAYS_TO_ROWS = {"visible_to", "for_token", "of_applicant"}
# Tables without an owner: everybody may read the catalogue and the directory of companies.
PUBLIC_MODELS = {
    "User",
    "Organization",
    "Membership",
    "PartnerProfile",
    "MpnAccount",
    "Product",
    "Offer",
    "OfferPrice",
}
STATUS_WRITERS = {"portal/lifecycle.py", "portal/outbox/models.py"}


def sources(app):
    for path in sorted((ROOT / app).rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if "/migrations/" not in name and name not in WIRING:
            yield name, ast.parse(path.read_text())


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def handles_requests(name):
    path = Path(name)
    return path.stem in REQUEST_MODULES or path.parent.name in REQUEST_MODULES


def rows_without_scope(tree):
    """Where ``Model.objects`` or ``Model._base_manager`` is used without a scope behind it."""
    scoped = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in WAYS_TO_ROWS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager"}:
            owner = node.value.id if isinstance(node.value, ast.Name) else "?"
            if id(node) not in scoped and owner not in PUBLIC_MODELS:
                yield node.lineno


def writes_status(node):
    """Assigning to ``.status``, or passing ``status=`` to a queryset's ``update``."""
    if isinstance(node, ast.Attribute):
        return node.attr == "status" and isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "update" and any(word.arg == "status" for word in node.keywords)
    return False


@pytest.mark.parametrize("app", APPS)
def test_imports_point_one_way(app):
    later = set(APPS[APPS.index(app) + 1 :])
    wrong = [
        f"{name} imports {target}"
        for name, tree in sources(app)
        for target in imports(tree)
        if target.split(".")[0] in later
    ]
    assert wrong == []


@pytest.mark.parametrize("app", APPS[1:])
def test_domain_apps_meet_only_at_models_services_and_forms(app):
    others = set(APPS[1:]) - {app}
    wrong = [
        f"{name} imports {target}"
        for name, tree in sources(app)
        for target in imports(tree)
        if target.split(".")[0] in others and target.split(".")[1] not in SHARED_MODULES
    ]
    assert wrong == []


@pytest.mark.parametrize("app", ["portal/audit", "portal/outbox"])
def test_audit_and_outbox_know_accounts_only_for_their_pages(app):
    wrong = [
        f"{name} imports {target}"
        for name, tree in sources(app)
        if not handles_requests(name)
        for target in imports(tree)
        if target.startswith("portal.accounts")
    ]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_requests_reach_rows_only_through_a_scope(app):
    wrong = [
        f"{name}:{line}"
        for name, tree in sources(app)
        if handles_requests(name)
        for line in rows_without_scope(tree)
    ]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_only_the_lifecycle_and_the_outbox_write_a_status(app):
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in sources(app)
        if name not in STATUS_WRITERS and "demonstration" not in name
        for node in ast.walk(tree)
        if writes_status(node)
    ]
    assert wrong == []


def test_background_work_starts_only_through_the_outbox():
    wrong = [
        f"{name}:{node.lineno}"
        for app in APPS
        for name, tree in sources(app)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"delay", "apply_async", "delay_on_commit"}
        and name != "portal/outbox/tasks.py"
    ]
    assert wrong == []


def test_every_move_has_words_for_the_activity_log():
    moves = {
        f"{model._meta.model_name}.{status}"
        for model in apps.get_models()
        if issubclass(model, Lifecycle)
        for targets in model.TRANSITIONS.values()
        for status in targets
    }
    assert moves <= set(ACTIONS)


def test_the_environment_is_read_in_one_place():
    readers = {
        name
        for app in APPS
        for name, tree in sources(app)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers <= {"portal/environment.py", "portal/celery.py", "portal/wsgi.py"}
