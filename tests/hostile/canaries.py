"""A world of somebody else's in which every text is a canary: none may ever be heard here."""

from django.apps import apps
from django.db import models

from portal.audit.models import AuditEntry
from portal.audit.services import record
from tests.access import make_world

CANARY = "kanarie"
MPN_CANARY = "866753"  # what MPN IDs begin with there, as they are digits
# Everybody's, not a tenant's.
COMMON = {"product", "offer", "offerprice", "contenttype", "permission", "session"}
# What a program wrote for itself, or must be able to read again.
MACHINE_TEXT = {"task", "password", "token_hash", "time_zone"}
LONG_ENOUGH = len(f"{CANARY}-123456")


def make_foreign_world():
    """``make_world()``, and something on record about it, in which every text is a canary."""
    before = {model: set(_rows(model).values_list("pk", flat=True)) for model in models_with_text()}
    world = make_world()
    world.draft.account = {"company_name": CANARY, "country": "DE"}
    world.draft.save()
    for model, known in before.items():
        rewrite(_rows(model).exclude(pk__in=known), _song)
    for target in (world.customer, world.partnership, world.subscription, world.order):
        record("customer.added", actor=None, target=target, note=CANARY)
    for thing in vars(world).values():
        thing.refresh_from_db()
    return world


def rewrite(rows, song):
    """Put ``song(field, pk)`` into every column of text of these rows, None leaving it alone."""
    for row in rows:
        songs = {field.name: song(field, row.pk) for field in text_columns(rows.model)}
        songs = {name: text for name, text in songs.items() if text is not None}
        if rows.model._meta.model_name == "mpnaccount":
            songs["mpn_id"] = f"{MPN_CANARY}{row.pk % 100:02}"
        if songs:
            _rows(rows.model).filter(pk=row.pk).update(**songs)


def heard(text):
    """The canaries in an answer."""
    return [song for song in (CANARY, MPN_CANARY) if song in text.lower()]


def text_columns(model):
    """The columns a canary fits into."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        fits = is_text and (field.max_length or LONG_ENOUGH) >= LONG_ENOUGH
        if fits and field.name not in MACHINE_TEXT:
            yield field


def models_with_text():
    """Every model of a tenant's rows but the activity log, which nobody can rewrite."""
    models = (model for model in apps.get_models() if model is not AuditEntry)
    return [model for model in models if model._meta.model_name not in COMMON]


def _rows(model):
    return model._base_manager.all()


def _song(field, pk):
    song = f"{CANARY}-{str(pk)[-6:]}"
    if isinstance(field, models.EmailField) or field.name in {"username", "account_name"}:
        return f"{song}@birds.example"
    return f"https://{song}.example/" if isinstance(field, models.URLField) else song
