from portal.audit import origin
from portal.audit.actions import ACTIONS
from portal.audit.models import AuditEntry

BATCH = 1000  # entries per statement
RESELLER = "reseller"  # the kind of organization


def record(action, *, actor, target, also=(), **details):
    """Write one entry per organization that has a stake in ``target``.

    ``actor`` is a membership, or None when the system itself acted; ``target.tenants`` names the
    ids of the organizations concerned, ``also`` the ids of those that no longer are; ``details``
    must never hold a secret. Where the target belongs to a customer, its ``affected_customer_id``
    is the id of the customer's organization, where a reseller looks after it, its ``reseller_id``
    that of the reseller; ``recorded_as`` is the name of the person it is about, if it has no
    reference to be recognized by. Raises ValueError for an action that has no words.
    """
    record_all(action, actor=actor, targets=[target], also=also, **details)


def record_all(action, *, actor, targets, also=(), reseller_id=None, **details):
    """The same for several ``targets`` to which the same was done at once.

    ``reseller_id`` is the reseller it concerns, where the target itself names none.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action} has no words in portal.audit.actions")
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(action=action, **copy, **common)
            for target in targets
            for common in [_from_origin() | _by(actor) | _about(target, details)]
            for copy in _copies(target, actor, dict.fromkeys([*target.tenants, *also]), reseller_id)
        ),
        batch_size=BATCH,
    )


def _copies(target, actor, organizations, reseller_id):
    """Whose each copy is, and the reseller it concerns unless it is the reseller's own."""
    reseller_id = getattr(target, "reseller_id", None) or reseller_id
    if not reseller_id and actor and len(organizations) > 1:
        reseller_id = actor.organization_id if actor.organization.kind == RESELLER else None
    for pk in organizations:
        yield {"organization_id": pk, "reseller_id": None if pk == reseller_id else reseller_id}


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
