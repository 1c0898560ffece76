from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.accounts import second_factor
from portal.accounts.models import Membership, Organization
from portal.accounts.roles import Kind, Role
from portal.countries import countries
from portal.lifecycle import Lifecycle
from portal.references import encode
from portal.text import fold, sort_key


class CustomerUserQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """A customer's own users; for partners, those whom they may administer.

        For partners that is what row-level security shows: users of organizations where the
        partner holds granted delegated admin privileges (migration 0041).
        """
        if membership.organization.kind == Kind.CUSTOMER:
            return self.filter(organization=membership.organization_id)
        return self.filter(organization__in=_administered(membership))

    def active(self):
        return self.filter(status=CustomerUser.Status.ACTIVE)

    def deactivated(self):
        return self.filter(status=CustomerUser.Status.DEACTIVATED)

    def restorable(self):
        """Deleted ones whose time is not over, whether or not the round has come by."""
        since = now() - settings.USER_RESTORE_WINDOW
        return self.deactivated().filter(deactivated_at__gt=since)

    def invited(self):
        """Active ones who were sent a link to choose their first password, and have not yet."""
        return self.active().filter(invitations__status__in=["sent", "expired"])

    def with_account(self):
        """Joined with the account they sign in with and their roles."""
        return self.select_related("user", "membership")

    def for_list(self):
        """With all that a row shows, and nothing else."""
        return self.with_account().only(
            "display_name",
            "status",
            "created_at",
            "deactivated_at",
            "organization",
            "user__username",
            "user__last_login",
            "user__must_change_password",
            "membership__roles",
        )

    def with_second_factor(self):
        """Each with ``has_factor``: whether a second factor is set up."""
        return self.annotate(has_factor=second_factor.held_by("user"))

    def matching(self, text):
        """Users whose names or account name hold every word of ``text``."""
        found = self
        for word in fold(text).split():
            found = found.filter(Q(name_key__contains=word) | Q(user__username__contains=word))
        return found


def _administered(membership):
    from customers.models.grants import DelegatedAdmin

    rights = DelegatedAdmin.objects.visible_to(membership).granted()
    return rights.filter(partner=membership.organization_id).values("organization")


class CustomerUser(Lifecycle):
    """A person of a customer organization, with the account they sign in with.

    Users belong to the organization, whoever serves it: every partner that may administer it sees
    them. What they may use is assigned from subscriptions, which belong to one provider each.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        DEACTIVATED = "deactivated", _("Deleted")
        PURGED = "purged", _("Gone for good")

    TRANSITIONS = {
        Status.ACTIVE: frozenset({Status.DEACTIVATED}),
        Status.DEACTIVATED: frozenset({Status.ACTIVE, Status.PURGED}),
    }

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="customer_user"
    )
    # Empty once the user is gone for good.
    membership = models.OneToOneField(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    display_name = models.CharField(_("display name"), max_length=101, blank=True)
    name_key = models.CharField(max_length=200, db_collation="C", editable=False)
    country = models.CharField(_("location"), max_length=2)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    # Who may have a new temporary password shown, once; empty when it has been shown.
    password_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CustomerUserQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        verbose_name, verbose_name_plural = _("customer user"), _("customer users")
        indexes = [
            models.Index(fields=["organization", "name_key", "id"], name="customeruser_list"),
            models.Index(fields=["organization", "created_at", "id"], name="customeruser_by_date"),
            # For the regular round.
            models.Index(
                fields=["deactivated_at"],
                name="customeruser_to_purge",
                condition=Q(status="deactivated"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="deactivated") | Q(deactivated_at__isnull=False),
                name="customeruser_deactivated_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(status="purged") | Q(membership__isnull=False),
                name="customeruser_has_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(status="purged") | Q(display_name="", membership__isnull=True),
                name="customeruser_purged_has_no_name",
            ),
        ]

    def __str__(self):
        return self.display_name or self.reference

    def save(self, *args, **kwargs):
        self.name_key = sort_key(self.display_name)
        super().save(*args, **kwargs)

    @property
    def reference(self):
        return encode("U", self.pk)

    @property
    def tenants(self):
        return [self.organization_id]

    @property
    def affected_customer_id(self):
        return self.organization_id

    @property
    def account_name(self):
        return self.user.username

    @property
    def country_name(self):
        return countries()[self.country].name

    @property
    def is_active(self):
        return self.status == self.Status.ACTIVE

    @property
    def has_no_password(self):
        """Whether nobody can sign in with the account yet, or any more."""
        return self.is_active and not self.user.has_usable_password()

    @property
    def is_global_admin(self):
        return bool(self.membership and Role.GLOBAL_ADMIN in self.membership.roles)

    @cached_property
    def role_words(self):
        """What the person is, in words: the roles of customers, or just a user."""
        return ", ".join(map(str, self.membership.role_names)) if self._roles else str(_("User"))

    @property
    def _roles(self):
        return self.membership.roles if self.membership else []

    @property
    def purged_after(self):
        """Until when the deleted user can be restored, or None."""
        if not self.deactivated_at:
            return None
        return self.deactivated_at + settings.USER_RESTORE_WINDOW

    @property
    def is_restorable(self):
        return self.status == self.Status.DEACTIVATED and now() < self.purged_after
