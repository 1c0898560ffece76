"""State transitions: the one place that writes a ``status`` and its audit entry."""

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.audit.services import record, record_all


class InvalidTransition(Exception):
    """Somebody was faster: the object has left the state this step starts from."""

    def __init__(self, obj, to):
        self.obj, self.to = obj, to
        super().__init__(f"{obj!r} is {obj.status} and cannot become {to}")

    @property
    def reason(self):
        """What happened, in words for the person who came too late."""
        return _("This has changed in the meantime: it is now “%(status)s”.") % {
            "status": self.obj.get_status_display()
        }


class Lifecycle(models.Model):
    """A model whose ``status`` moves only along ``TRANSITIONS``."""

    TRANSITIONS: dict[str, frozenset[str]] = {}

    class Meta:
        abstract = True

    def can_become(self, status):
        return status in self.TRANSITIONS.get(self.status, frozenset())


@transaction.atomic
def transition(obj, to, *, actor, details=None, also=(), **changes):
    """Lock ``obj``, move it to ``to`` with ``changes``, and record the move.

    ``actor`` is the acting membership, or None when the system acts; ``details`` goes into the
    audit entry, which organizations named by ``also`` (ids) read, too. Returns the moved object;
    raises InvalidTransition when the move is not allowed.
    """
    locked = type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    if not locked.can_become(to):
        raise InvalidTransition(locked, to)

    before, locked.status = locked.status, to
    for field, value in changes.items():
        setattr(locked, field, value)
    locked.save(update_fields=["status", *changes])

    action = f"{locked._meta.model_name}.{to}"
    told = {"before": before, "after": str(to), **(details or {})}
    record(action, actor=actor, target=locked, also=also, **told)
    return locked


@transaction.atomic
def transition_all(rows, to, *, actor, **changes):
    """Move all of ``rows`` (a queryset) at once, or none; each move is recorded as one.

    Returns the moved objects in the order of their ids; raises InvalidTransition when one of them
    can't move.
    """
    locked = list(rows.order_by("pk").select_for_update(of=("self",)))
    for obj in locked:
        if not obj.can_become(to):
            raise InvalidTransition(obj, to)
    moved = {"status": to, **changes}
    rows.model._base_manager.filter(pk__in=[obj.pk for obj in locked]).update(**moved)

    action = f"{rows.model._meta.model_name}.{to}"
    for before in dict.fromkeys(obj.status for obj in locked):
        targets = [obj for obj in locked if obj.status == before]
        record_all(action, actor=actor, targets=targets, before=before, after=str(to))
    for obj in locked:
        for field, value in moved.items():
            setattr(obj, field, value)
    return locked
