from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models.grants import DAYS, admin_days
from customers.models.tenants import TenantQuerySet
from partners.models import Invitation, InvitationQuerySet, Partnership
from portal.accounts.models import Organization
from portal.references import encode


class RelationshipRequestQuerySet(TenantQuerySet, InvitationQuerySet):
    def visible_to(self, membership):
        """Both sides see what was sent or answered; what is only drafted, the side that asks."""
        shared = Q(sent_at__isnull=False) | Q(answered_at__isnull=False)
        own = Q(asked_by=membership.organization_id)
        return super().visible_to(membership).filter(shared | own)

    def asked_by(self, membership):
        """Those that the member's own company makes: its to edit, send and withdraw."""
        return self.filter(asked_by=membership.organization_id)

    def in_state(self, state):
        """Those that people should read as being in ``state``; see ``Invitation.state``."""
        unanswered = [Invitation.Status.DRAFT, Invitation.Status.SENT]
        late = Q(status__in=unanswered, expires_at__lte=now())
        if state == Invitation.Status.EXPIRED:
            return self.filter(late | Q(status=state))
        return self.filter(status=state).exclude(late)

    def with_parties(self):
        """Joined with the three companies, who asked and who answered."""
        return self.select_related(
            "provider__partner", "reseller", "organization", "asked_by", "created_by", "answered_by"
        )


class RelationshipRequest(Invitation):
    """An invitation: a provider, perhaps with a reseller, asks one customer organization.

    Which one that is shows when it answers: until then ``organization`` is empty. One link asks
    for both companies, whichever of them made it (``asked_by``).
    """

    PURPOSE = "relationship"

    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    # What lets the one company ask on behalf of the other.
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    wants_delegated_admin = models.BooleanField(default=False)
    # What the grants are to be called and how long they are to last, once they are given.
    admin_name = models.CharField(max_length=50, blank=True)
    admin_days = models.PositiveSmallIntegerField(default=admin_days, validators=DAYS)

    objects = RelationshipRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("relationship request"), _("relationship requests")
        indexes = [
            models.Index(fields=["provider", "created_at", "id"], name="relationship_of_provider"),
            models.Index(fields=["reseller", "created_at", "id"], name="relationship_of_reseller"),
            models.Index(fields=["organization"], name="relationship_of_customer"),
            # For the regular round, which looks after the requests of all companies.
            models.Index(
                fields=["expires_at"], name="relationship_running_out", condition=Q(status="sent")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(organization__isnull=False, answered_at__isnull=False),
                name="relationship_accepted_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(asked_by=F("provider")) | Q(asked_by=F("reseller")),
                name="relationship_asked_by_a_party",
            ),
            # A reseller is named only where a partnership stands behind it: see migration 0004.
            models.CheckConstraint(
                condition=Q(reseller__isnull=True, partnership__isnull=True)
                | Q(reseller__isnull=False, partnership__isnull=False),
                name="relationship_reseller_is_a_partner",
            ),
        ]

    def __str__(self):
        return _("Relationship request %s") % self.reference

    @property
    def reference(self):
        return encode("Q", self.pk)

    @property
    def tenants(self):
        """Whose activity log tells of it: a draft is nobody's business but one's own."""
        if not (self.sent_at or self.answered_at):
            return [self.asked_by_id]
        return [pk for pk in (self.provider_id, self.reseller_id, self.organization_id) if pk]

    @property
    def affected_customer_id(self):
        return self.organization_id

    @property
    def asking(self):
        """The companies that ask, the provider first."""
        return [company for company in (self.provider, self.reseller) if company]

    @property
    def delivery_key(self):
        """What the outbox calls the mail that carries this request with its present link."""
        return f"relationshiprequest:{self.pk}:sent:{self.nonce}"
