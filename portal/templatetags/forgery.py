"""``{% csrf_token %}`` as Django has it, and as whom the page was drawn."""

from django import template
from django.template.defaulttags import CsrfTokenNode

from portal.seen_as import hidden_input

register = template.Library()


class TokenNode(CsrfTokenNode):
    def render(self, context):
        return super().render(context) + hidden_input()


@register.tag
def csrf_token(parser, token):
    return TokenNode()
