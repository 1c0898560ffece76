"""What members are told by mail when somebody changes what they may do here."""

from celery import shared_task
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts.models import Membership, User
from portal.accounts.roles import Role
from portal.letters import compose, letter
from portal.links import public_url
from portal.outbox.services import enqueue
from portal.outbox.worker import GiveUp
from portal.text import unlinked


def tell(membership, actor, what, *, roles=()):
    """Promise a mail to the person of ``membership``, unless they did it or have no address.

    ``what`` names the letter in ``templates/staff/emails``; ``roles`` are those they have now.
    """
    user = membership.user
    if not user.email or user.pk == actor.user_id:
        return
    with override(user.language):
        subject = _("Change of rights: notice to %(person)s") % {"person": user}
    enqueue(
        send_change,
        organization=membership.organization,
        key=f"membership:{membership.pk}:{what}:{now().isoformat()}",
        subject=subject,
        membership_id=membership.pk,
        actor_id=actor.user_id,
        what=what,
        roles=list(roles),
    )


@shared_task
def send_change(membership_id, actor_id, what, roles):
    """The letter ``what`` in the person's language; answers go to whoever did it."""
    places = Membership.objects.select_related("user", "organization")
    membership, actor = places.get(pk=membership_id), User.objects.get(pk=actor_id)
    user, company = membership.user, unlinked(membership.organization.name)
    if not user.email:
        raise GiveUp(_("The person has no email address."))
    with override(user.language):
        names = [str(Role(role).label) for role in roles]
    facts = {"person": unlinked(str(user)), "actor": unlinked(str(actor)), "company": company}
    facts |= {"roles": names, "link": public_url(reverse("home")), "site": settings.SITE_NAME}
    return compose(
        letter(f"staff/emails/{what}", user.language, **facts),
        user.language,
        to=user.email,
        from_name=f"{company} via {settings.SITE_NAME}",
        reply_to=actor.email,
    )
