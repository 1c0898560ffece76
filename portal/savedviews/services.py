"""Keeping views: each function is one transaction. Views are a person's tools, not business:
the activity log doesn't tell of them."""

from django.db import transaction

from portal.savedviews.models import SavedView, StartView

MOST = 50  # views of one person in one organization


@transaction.atomic
def save_view(view, *, actor, is_start, **fields):
    """Write ``name``, ``is_shared`` and perhaps ``query`` into a view, new or not.

    ``is_start`` makes it the one with which the actor's list begins, or no longer. What is not
    shared any more is no longer the start of anybody else.
    """
    for name, value in fields.items():
        setattr(view, name, value)
    view.save()
    starts = StartView.objects.filter(organization=view.organization_id, list=view.list)
    if not view.is_shared:
        starts.filter(view=view).exclude(user=view.owner_id).delete()
    set_start(view, actor=actor, is_start=is_start)
    return view


@transaction.atomic
def set_start(view, *, actor, is_start):
    """Let the actor's list begin with this view, or as the list itself does."""
    key = {"organization_id": view.organization_id, "user_id": actor.user_id, "list": view.list}
    if is_start:
        StartView.objects.update_or_create(**key, defaults={"view": view})
    else:
        StartView.objects.filter(**key, view=view).delete()


def update_query(view, query):
    """Let the view show what the query (as ``portal.queries.tidy`` writes it) shows."""
    view.query = query
    view.save(update_fields=["query"])
    return view


def delete_view(view):
    """Forget it; whoever began with it begins with the list itself again."""
    view.delete()


def has_room(membership):
    """Whether this person may keep one more."""
    return SavedView.objects.owned_by(membership).count() < MOST
