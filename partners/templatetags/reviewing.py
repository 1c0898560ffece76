"""What waits for operators, on the front page of Django admin."""

from django import template

from partners.models import Enrolment

register = template.Library()


@register.simple_tag
def enrolments_in_review():
    """How many enrolments wait for a decision."""
    return Enrolment.objects.filter(status=Enrolment.Status.SUBMITTED).count()
