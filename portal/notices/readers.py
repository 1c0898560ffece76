"""Who gets the mail of a notice."""

from portal.accounts.models import Membership
from portal.notices.kinds import KINDS, TOPICS


def readers(kind, organization):
    """The members of ``organization`` who are mailed notices of this kind, with their users.

    They hold the permission it concerns, have an address and have not turned its topic off.
    """
    topic = KINDS[kind].topic
    if not topic:
        return Membership.objects.none()
    roles = organization.roles_with(TOPICS[topic].permission)
    members = Membership.objects.filter(organization=organization).active()
    reachable = members.holding(*roles).exclude(user__email="").select_related("user")
    return reachable.exclude(user__muted_topics__topic=topic).order_by("pk")
