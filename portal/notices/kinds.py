"""What people can be told. Each app registers its own kinds when it is loaded."""

from typing import NamedTuple

from portal.accounts.roles import Permission

TOPICS = {}
KINDS = {}


class Topic(NamedTuple):
    """What a person can turn off; it concerns those who hold ``permission``."""

    label: str
    permission: Permission


class Kind(NamedTuple):
    """One sort of notice.

    ``words`` are its line on Home, with a notice's facts as ``%(name)s``. ``letter`` is the stem
    of its mail (see ``portal.letters``) and ``topic`` names what its readers turn off; a kind
    without a letter is told on Home only. ``thread`` draws who stands between whom, from the
    facts ``provider`` and ``reseller``.
    """

    words: str
    topic: str = ""
    letter: str = ""
    thread: bool = False


def register(topics, kinds):
    """Make ``topics`` and ``kinds`` known, each by its name."""
    TOPICS.update(topics)
    KINDS.update(kinds)


def topics_for(memberships):
    """The topics that concern somebody in these places, by name."""
    return {
        name: topic
        for name, topic in TOPICS.items()
        if any(place.can(topic.permission) for place in memberships)
    }
