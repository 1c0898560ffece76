"""Licenses of one organization as a page about its users shows them."""

from collections import defaultdict

from subscriptions.models import LicenseAssignment, Subscription


def assignable(place):
    """The subscriptions whose licenses can be given to users now, by name."""
    found = subscriptions_of(place).filter(status=Subscription.Status.ACTIVE)
    return found.select_related("offer", "provider").order_by("name", "pk")


def held_by_users(place):
    """The subscriptions of which users may have licenses: suspended ones, too."""
    found = subscriptions_of(place).filter(
        status__in=[Subscription.Status.ACTIVE, Subscription.Status.SUSPENDED]
    )
    return found.select_related("offer", "provider").order_by("name", "pk")


def subscriptions_of(place):
    """All subscriptions of the organization that this membership may see."""
    visible = Subscription.objects.visible_to(place.membership)
    return visible.filter(organization=place.organization.pk)


def add_licenses(place, people):
    """Give each of ``people`` its ``held``: the licenses this membership may see, in one query."""
    held = defaultdict(list)
    assignments = LicenseAssignment.objects.visible_to(place.membership).in_force()
    found = assignments.filter(person__in=[person.pk for person in people])
    for assignment in found.select_related("subscription").order_by("subscription__name", "pk"):
        held[assignment.person_id].append(assignment.subscription)
    for person in people:
        person.held = held[person.pk]
