from django import template

from portal.drawing import draw as draw_template

register = template.Library()


@register.simple_tag(takes_context=True)
def draw(context, template, **inputs):
    """Draw a component of ``templates/jinja/``; without inputs it knows what the page knows."""
    return draw_template(template, inputs or context.flatten())
