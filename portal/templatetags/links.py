from django import template

from portal.links import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def link(context, name, *args, **query):
    """A page of the current organization: ``{% link 'partners:reseller_list' %}``."""
    return reverse(name, *args, organization=context["membership"].organization, **query)
