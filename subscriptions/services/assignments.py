"""Licenses in the hands of users: never more than were bought, never two that exclude each other.

``Subscription.assigned`` counts them; the database refuses a count beyond the quantity. Whoever
assigns holds the users' rows first and the subscription's second, everywhere in this order.
"""

from collections import Counter

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import CustomerUser
from customers.services import Refused
from portal.audit.services import record_all
from portal.scope import acting
from subscriptions.exclusions import Exclusions
from subscriptions.models import LicenseAssignment, Subscription
from subscriptions.quantities import in_words


@transaction.atomic
def assign_licenses(subscription, people, *, actor):
    """Give each of ``people`` a license of ``subscription``; all get one, or nobody.

    Who has one keeps it. Returns how many were given. Raises Refused when there are too few, the
    subscription is not active, a user has been deleted, or has what excludes it.
    """
    people = _hold(people)
    holders = LicenseAssignment.objects.filter(subscription=subscription, person__in=people)
    having = set(holders.values_list("person", flat=True))
    new = [person for person in people if person.pk not in having]
    _refuse_exclusions(subscription, new)
    _take(subscription, len(new))
    made = LicenseAssignment.objects.bulk_create(
        LicenseAssignment(
            subscription=subscription,
            person=person,
            assigned_by=actor.user,
            **subscription.parties,
        )
        for person in new
    )
    _record("licenseassignment.assigned", actor, subscription, new)
    return len(made)


@transaction.atomic
def revoke_licenses(subscription, people, *, actor):
    """Take the licenses of ``subscription`` from those of ``people`` who have one.

    Returns how many there were.
    """
    pks = sorted(person.pk for person in people)
    people = CustomerUser.objects.filter(pk__in=pks).order_by("pk").select_for_update()
    held = LicenseAssignment.objects.filter(subscription=subscription, person__in=list(people))
    losing = [assignment.person for assignment in held.select_related("person")]
    held.delete()
    _give_back({subscription.pk: len(losing)})
    _record("licenseassignment.revoked", actor, subscription, losing)
    return len(losing)


@transaction.atomic
def revoke_all(subscription, *, actor):
    """Take back every license of a subscription that is over; returns how many there were.

    The organization itself does it: a partner without delegated admin privileges sees no users.
    """
    with acting(subscription.organization.actor):
        held = LicenseAssignment.objects.filter(subscription=subscription)
        people = [assignment.person for assignment in held.select_related("person")]
        return revoke_licenses(subscription, people, actor=actor)


@transaction.atomic
def free_licenses(person, *, actor):
    """Take every license from a user who is deleted, whichever provider it came from.

    The organization itself does it: a partner sees the licenses of its own subscriptions only.
    Returns how many there were.
    """
    with acting(person.organization.actor):
        held = LicenseAssignment.objects.filter(person=person).select_related("subscription")
        freed = list(held)
        held.delete()
        _give_back(Counter(assignment.subscription_id for assignment in freed))
        for assignment in freed:
            _record("licenseassignment.revoked", actor, assignment.subscription, [person])
    return len(freed)


def _hold(people):
    """The users, kept from being deleted or given something else meanwhile."""
    pks = sorted({person.pk for person in people})
    held = CustomerUser.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
    held = list(held.select_related("organization"))
    for person in held:
        if not person.is_active:
            raise Refused(_("%s was deleted. Restore the user first.") % person)
    return held


def _take(subscription, number):
    """Count ``number`` licenses as given, if there are as many: one statement, one winner."""
    if not number:
        return
    found = Subscription.objects.filter(pk=subscription.pk, status=Subscription.Status.ACTIVE)
    found = found.filter(offer=subscription.offer_id)  # what was checked for exclusions
    left = found.filter(quantity__gte=F("assigned") + number)
    if left.update(assigned=F("assigned") + number):
        return
    now = Subscription.objects.get(pk=subscription.pk)
    if not now.is_assignable:
        words = _("%(name)s is not active: its licenses can't be assigned.")
        raise Refused(words % {"name": now.name})
    if now.offer_id != subscription.offer_id:
        words = _("%(name)s has just been upgraded. Check who gets a license and try again.")
        raise Refused(words % {"name": now.name})
    words = ngettext(
        "%(name)s has %(left)s license left; you need %(number)s.",
        "%(name)s has %(left)s licenses left; you need %(number)s.",
        now.available,
    )
    numbers = {"left": in_words(now.available), "number": in_words(number)}
    raise Refused(words % {"name": now.name, **numbers})


def _give_back(numbers):
    """Count licenses as free again: ``numbers`` by the subscription's id."""
    for pk in sorted(pk for pk, number in numbers.items() if number):
        Subscription.objects.filter(pk=pk).update(assigned=F("assigned") - numbers[pk])


def _refuse_exclusions(subscription, people):
    """Raise Refused when somebody has a license that can't be combined with ``subscription``.

    The organization looks: licenses of other providers exclude, too, but are not named.
    """
    if not people:
        return
    with acting(people[0].organization.actor):
        held = LicenseAssignment.objects.in_force().filter(person__in=people)
        held = list(held.select_related("subscription__offer", "person"))
    products = {assignment.subscription.offer.product_id for assignment in held}
    product = subscription.offer.product_id
    exclusions = Exclusions({product, *products})
    for assignment in held:
        other = assignment.subscription
        if exclusions.between(product, other.offer.product_id):
            raise Refused(_in_the_way(subscription, assignment.person, other))


def _in_the_way(subscription, person, other):
    names = {"person": person, "new": subscription.name, "name": other.name}
    if other.provider_id != subscription.provider_id:
        words = _("%(person)s has a license from another partner that excludes %(new)s.")
        return words % names
    words = _("%(person)s has %(name)s. It can't be combined with %(new)s.")
    return words % names


def _record(action, actor, subscription, people):
    record_all(
        action,
        actor=actor,
        targets=people,
        also=subscription.tenants,
        reseller_id=subscription.reseller_id,
        subscription=subscription.reference,
    )
