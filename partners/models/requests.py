from datetime import timedelta

from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from partners.models.invitations import Invitation, InvitationQuerySet
from portal.accounts.roles import Kind
from portal.outbox.models import OutboxMessage
from portal.references import encode

# The column a company finds itself in, by the side of the relationship it is on.
SIDES = {Kind.PROVIDER: "provider", Kind.RESELLER: "reseller"}


class TwoSidedQuerySet(models.QuerySet):
    """Rows between a provider and a reseller; both see them, customers have none."""

    def visible_to(self, membership):
        side = SIDES.get(membership.organization.kind)
        return self.filter(**{side: membership.organization_id}) if side else self.none()


class PartnershipRequestQuerySet(TwoSidedQuerySet, InvitationQuerySet):
    def expiring(self):
        """Open, and no longer than a week from now."""
        return self.open().filter(expires_at__lte=now() + timedelta(days=7))

    def undelivered(self):
        """Open, but the mail with the present link went wrong, or nobody knows."""
        key = Concat(
            Value("partnershiprequest:"),
            Cast(OuterRef("pk"), CharField()),
            Value(":sent:"),
            OuterRef("nonce"),
        )
        wrong = [OutboxMessage.Status.FAILED, OutboxMessage.Status.UNCERTAIN]
        mails = OutboxMessage.objects.filter(
            organization=OuterRef("provider"), key=key, status__in=wrong
        )
        return self.open().filter(Exists(mails))


class PartnershipRequest(Invitation):
    """An invitation: one provider asks one reseller, whoever that will turn out to be."""

    # The request this one asks again, if it is not the first.
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PartnershipRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("partnership request"), _("partnership requests")
        indexes = [
            models.Index(fields=["provider", "status", "expires_at", "id"], name="request_pending"),
            models.Index(fields=["reseller"], name="request_reseller"),
            # For the regular round, which looks after the requests of all providers.
            models.Index(
                fields=["expires_at"], name="request_running_out", condition=Q(status="sent")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(reseller__isnull=False, answered_at__isnull=False),
                name="request_accepted_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(provider=F("reseller")), name="request_not_to_oneself"
            ),
        ]

    def __str__(self):
        return _("Partnership request %s") % self.reference

    @property
    def reference(self):
        return encode("P", self.pk)

    @property
    def tenants(self):
        return [pk for pk in (self.provider_id, self.reseller_id) if pk]

    @property
    def may_be_asked_again(self):
        """Whether this came to an end that a new request can follow."""
        if self.state == self.Status.ACCEPTED:
            partnership = getattr(self, "partnership", None)
            return partnership is None or partnership.status != "active"
        return not self.is_answerable

    @property
    def delivery_key(self):
        """What the outbox calls the mail that carries this request with its present link."""
        return f"{self.deliveries_key('sent')}{self.nonce}"

    def deliveries_key(self, what):
        """What the outbox keys of this request's mails of one kind begin with: sent, reminded."""
        return f"partnershiprequest:{self.pk}:{what}:"
