"""Telling people what happened, on Home and by mail."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.notices import tasks
from portal.notices.kinds import topics_for
from portal.notices.models import MutedTopic, Notice
from portal.notices.readers import readers
from portal.outbox.services import enqueue
from portal.scope import acting


def notify(kind, *, organization, about, path="", people=None, but_not=None, **facts):
    """Tell ``organization`` once what happened to ``about``, in its own database scope.

    ``kind`` is a registered one and ``about`` a text that names the event. Home shows it to
    everybody there, with a link to ``path``. A mail is promised to each reader of the kind,
    of those only whose user ids are in ``people`` (None: all of them), and never to the user id
    ``but_not``, who knows. ``facts`` are what the words need (see ``Notice``): never a secret.
    """
    notice = Notice(organization=organization, kind=kind, about=about, path=path, facts=facts)
    notice.id = Notice.identity(organization, kind, about)
    with acting(organization.actor):
        Notice.objects.bulk_create([notice], ignore_conflicts=True)
        for place in readers(kind, organization):
            wanted = people is None or place.user_id in people
            if wanted and place.user_id != but_not:
                _promise(notice, place.user)


@transaction.atomic
def choose_topics(user, chosen):
    """Of the topics that concern ``user``, mail those in ``chosen`` and no others."""
    muted = [name for name in topics_for(user.places) if name not in chosen]
    MutedTopic.objects.filter(user=user, topic__in=chosen).delete()
    MutedTopic.objects.bulk_create(
        (MutedTopic(user=user, topic=name) for name in muted), ignore_conflicts=True
    )


def wanted_topics(user):
    """The names of the topics that concern ``user`` and are not turned off."""
    muted = set(MutedTopic.objects.filter(user=user).values_list("topic", flat=True))
    return [name for name in topics_for(user.places) if name not in muted]


def _promise(notice, user):
    with override(user.language):
        subject = _("Notice to %(person)s: %(words)s") % {"person": user, "words": notice.words}
    enqueue(
        tasks.send_notice,
        organization=notice.organization,
        key=f"notice:{notice.pk}:{user.pk}",
        subject=subject,
        notice_id=str(notice.pk),
        user_id=user.pk,
    )
