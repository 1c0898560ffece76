"""A customer's users together with their licenses."""

from django.db import transaction

from customers import services as customers
from subscriptions.services.assignments import assign_licenses, free_licenses


@transaction.atomic
def add_user_with_licenses(*, actor, organization, subscriptions, email="", **fields):
    """``customers.services.add_user``, and a license of each of ``subscriptions``; all or nothing.

    With ``email`` the user is sent a link there to choose the first password. Raises what
    ``add_user``, ``assign_licenses`` and ``invite_to_account`` raise.
    """
    person = customers.add_user(actor=actor, organization=organization, **fields)
    for subscription in subscriptions:
        assign_licenses(subscription, [person], actor=actor)
    if email:
        language = person.user.language
        customers.invite_to_account(person, actor=actor, email=email, language=language)
    return person


@transaction.atomic
def delete_user(person, *, actor):
    """End the user's sign-in and free every license; returns how many there were.

    The user can be restored for a while. Raises what ``deactivate_user`` raises.
    """
    gone = customers.deactivate_user(person, actor=actor)
    return free_licenses(gone, actor=actor)
