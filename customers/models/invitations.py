from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.users import CustomerUser
from portal.accounts.models import Organization
from portal.accounts.roles import Kind
from portal.staff.models import Invitation, InvitationQuerySet

WAITING = ["sent", "expired"]


class AccountInvitationQuerySet(InvitationQuerySet):
    def visible_to(self, membership):
        """A customer's own; for partners, those of customers whose users they may see."""
        if membership.organization.kind == Kind.CUSTOMER:
            return self.filter(organization=membership.organization_id)
        people = CustomerUser.objects.visible_to(membership)
        return self.filter(organization__in=people.values("organization"))

    def unanswered(self):
        """The one of each user that can be sent again or withdrawn, however long ago it ran out."""
        return self.filter(status__in=WAITING)


class AccountInvitation(Invitation):
    """A user of a customer is sent a link under which they choose their first password.

    Their account is there already, with its roles and licenses, but nobody can sign in with it.
    """

    PURPOSE = "account"
    # They are about somebody who is there: another one may follow whatever became of this one.
    person = models.ForeignKey(CustomerUser, models.PROTECT, related_name="invitations")
    # In whose name it was sent: the customer's own, or that of a partner with its privileges.
    acting_for = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    objects = AccountInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("account invitation")
        verbose_name_plural = _("account invitations")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            # For the limits of mails, and for the regular round.
            models.Index(fields=["sent_at"], name="accountinvited_lately"),
            models.Index(
                fields=["expires_at"], name="accountinvited_running_out", condition=Q(status="sent")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=WAITING),
                name="accountinvited_once_per_user",
            ),
        ]

    def __str__(self):
        return str(self.person)

    @property
    def affected_customer_id(self):
        return self.organization_id

    @property
    def recorded_as(self):
        """The user's reference: the record holds no names."""
        return self.person.reference


def add_invitations(people):
    """Give each of these CustomerUsers its ``invitation``, the one that waits, or None: one query.

    Whoever may see the users may see them.
    """
    waiting = AccountInvitation.objects.unanswered().filter(person__in=[p.pk for p in people])
    found = {each.person_id: each for each in waiting.select_related("invited_by")}
    for person in people:
        person.invitation = found.get(person.pk)
