from portal.audit import origin
from portal.audit.actions import ACTIONS
from portal.audit.models import AuditEntry

BATCH = 1000  # entries per statement


def record(action, *, actor, target, also=(), **details):
    """Write one entry per organization that has a stake in ``target``.

    ``actor`` is a membership, or None when the system itself acted; ``target.tenants`` names the
    ids of the organizations concerned, ``also`` the ids of those that no longer are; ``details``
    must never hold a secret. Where the target belongs to a customer, its ``affected_customer_id``
    is the id of the customer's organization; ``recorded_as`` is the name of the person it is about,
    if it has no reference to be recognized by. Raises ValueError for an action that has no words.
    """
    record_all(action, actor=actor, targets=[target], also=also, **details)


def record_all(action, *, actor, targets, also=(), **details):
    """The same for several ``targets`` to which the same was done at once."""
    if action not in ACTIONS:
        raise ValueError(f"{action} has no words in portal.audit.actions")
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(organization_id=organization_id, action=action, **common)
            for target in targets
            for common in [_from_origin() | _by(actor) | _about(target, details)]
            for organization_id in dict.fromkeys([*target.tenants, *also])
        ),
        batch_size=BATCH,
    )


def _from_origin():
    ip, reference, operator_id = origin.current()
    return {"ip": ip, "request_reference": reference, "operator_id": operator_id}


def _by(actor):
    return {
        "actor_id": actor.user_id if actor else None,
        "acting_for_id": actor.organization_id if actor else None,
    }


def _about(target, details):
    person = getattr(target, "recorded_as", "")
    return {
        "details": details | {"person": person} if person else details,
        "target_type": target._meta.label_lower,
        "target_id": str(target.pk),
        "customer_id": getattr(target, "affected_customer_id", None),
    }
