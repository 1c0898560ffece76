"""A provider's tags on its customers; nobody else learns of them, the activity log included."""

from django.db import transaction

from customers.models import Customer, CustomerTag
from portal.audit.services import record
from portal.text import sort_key


class TooManyTags(Exception):
    """The customer would have more tags than CustomerTag.MOST."""


@transaction.atomic
def add_tags(customer, texts, *, actor):
    """Add those of ``texts`` that the customer doesn't have yet; returns the new tags.

    Raises TooManyTags, and adds none of them, when they would be too many together.
    """
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    known = set(CustomerTag.objects.filter(customer=customer).values_list("key", flat=True))
    wanted = {sort_key(text): text for text in texts}
    new = {key: text for key, text in wanted.items() if key and key not in known}
    if len(known) + len(new) > CustomerTag.MOST:
        raise TooManyTags
    tags = CustomerTag.objects.bulk_create(
        CustomerTag(
            provider_id=customer.provider_id,
            customer=customer,
            text=text,
            key=key,
            added_by=actor.user,
        )
        for key, text in new.items()
    )
    for tag in tags:
        _record("customertag.added", tag, customer, actor)
    return tags


@transaction.atomic
def remove_tag(customer, text, *, actor):
    """Take the tag off the customer; returns it, or None when it has gone already."""
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    found = CustomerTag.objects.filter(customer=customer, key=sort_key(text))
    tag = found.first()
    if tag:
        _record("customertag.removed", tag, customer, actor)
        found.delete()
    return tag


def _record(action, tag, customer, actor):
    record(action, actor=actor, target=tag, tag=tag.text, customer=customer.reference)
