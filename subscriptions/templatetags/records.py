"""What the page of a subscription says about its resellers of record."""

from django import template

from portal.accounts.roles import Kind
from subscriptions.models import RecordPeriod, record_history

register = template.Library()


@register.simple_tag(takes_context=True)
def record_history_of(context, subscription):
    """(location or None, since, until or None), newest first; nothing for whoever is not its
    provider: it names other resellers."""
    membership = context["membership"]
    if membership.organization.kind != Kind.PROVIDER:
        return []
    periods = RecordPeriod.objects.visible_to(membership).filter(subscription=subscription)
    return record_history(periods.select_related("location__organization"))[::-1]
