"""What somebody is told who lacks a right: which, who has it, and a mail to ask for it."""

from typing import NamedTuple

from django.utils.translation import get_language

from portal.accounts.models import Membership
from portal.accounts.permission_words import words_of
from portal.accounts.rights import holders
from portal.letters import letter, mailto_url
from portal.links import public_url, reverse

MOST_COLLEAGUES = 10


class Colleague(NamedTuple):
    """Somebody who has the right; ``mailto`` is "" for whom no address is known."""

    membership: Membership
    mailto: str


def refusal(membership, permission, *, page="", sentence=""):
    """The context of the 403 page; ``page`` is the path that was refused to ``membership``.

    ``sentence`` replaces the words of the permission.
    """
    organization = membership.organization
    words = words_of(permission, organization.kind)
    if sentence:
        words = words._replace(sentence=sentence, condition="")
    roles = [role.label for role in organization.roles_with(permission)]
    people = holders(organization, permission)
    return {
        "right": words.sentence,
        "condition": words.condition,
        "roles": roles,
        "colleagues": asked(membership, people[:MOST_COLLEAGUES], words, roles, page=page),
        "number": people.count(),
        "permission": permission,
    }


def asked(membership, people, words, roles, *, page=""):
    """``people`` as Colleagues whom ``membership`` may ask for the right that ``words`` say."""
    organization = membership.organization
    facts = {
        "organization": organization.name,
        "right": words.sentence,
        "roles": roles,
        "page": public_url(page) if page else "",
        "rights": public_url(
            reverse("staff:member_rights", membership.pk, organization=organization)
        ),
        "sender": str(membership.user),
    }
    return [Colleague(person, _mailto(person.user, facts)) for person in people]


def _mailto(user, facts):
    if not user.email:
        return ""
    draft = letter("accounts/emails/ask_right", get_language(), colleague=str(user), **facts)
    return mailto_url(user.email, draft)
