import uuid

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import ACTIONS
from portal.references import SERIES, encode


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Each organization reads its own copy of what happened."""
        return self.filter(organization=membership.organization_id)

    def with_actors(self):
        """Joined with who acted, and for which organization."""
        return self.select_related("actor", "acting_for").only(
            "at",
            "action",
            "target_type",
            "target_id",
            "details",
            "actor__first_name",
            "actor__last_name",
            "actor__username",
            "acting_for__name",
        )

    def for_log(self):
        """With all that the activity log tells of an entry, and nothing else."""
        people = ("actor", "operator")
        names = ("first_name", "last_name", "username")
        return self.select_related(*people, "acting_for", "customer").only(
            "at",
            "action",
            "target_type",
            "target_id",
            "details",
            "ip",
            "request_reference",
            "acting_for__name",
            "customer__name",
            *(f"{person}__{name}" for person in people for name in names),
        )

    def about(self, target):
        """What happened to one object."""
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk))

    def update(self, **fields):
        raise TypeError("Audit entries never change.")

    def delete(self):
        raise TypeError("Audit entries are never deleted.")


class AuditEntry(models.Model):
    """One thing that happened, as one organization sees it. Written once, by ``record``.

    It holds ids, not names: a person can be forgotten without touching the record. Only what was
    changed by hand is kept as it was and as it became (``changes`` in the details).
    """

    # A key made here, not by the database: PostgreSQL would refuse to return the id of an entry
    # that was written for the other side of a relationship.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", db_index=False
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    acting_for = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Those whom the target belongs to, where it belongs to a customer.
    customer = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # The reseller among those concerned, as it was then; not in its own copy.
    reseller = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    action = models.CharField(max_length=80)
    target_type = models.CharField(max_length=80)
    target_id = models.CharField(max_length=40)
    details = models.JSONField(default=dict)
    # Where it came from (portal.audit.origin); nothing of it where the system acted by itself.
    ip = models.GenericIPAddressField(null=True, blank=True)
    request_reference = models.CharField(max_length=9, blank=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name, verbose_name_plural = _("audit entry"), _("audit entries")
        indexes = [
            models.Index(fields=["organization", "-at", "-id"], name="audit_by_organization"),
            models.Index(fields=["target_type", "target_id"], name="audit_by_target"),
            # Operators read everybody's.
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
            models.Index(fields=["target_id"], name="audit_by_target_id"),
            models.Index(fields=["action", "-at", "-id"], name="audit_by_action_alone"),
            models.Index(fields=["actor", "-at", "-id"], name="audit_by_actor_alone"),
            models.Index(
                fields=["organization", "customer", "-at", "-id"], name="audit_by_customer"
            ),
            models.Index(
                fields=["organization", "reseller", "-at", "-id"],
                name="audit_by_reseller",
                condition=Q(reseller__isnull=False),
            ),
            models.Index(fields=["organization", "actor", "-at", "-id"], name="audit_by_actor"),
            models.Index(fields=["organization", "action", "-at", "-id"], name="audit_by_action"),
            models.Index(
                fields=["request_reference"],
                name="audit_by_request",
                condition=~Q(request_reference=""),
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"

    @property
    def words(self):
        """What was done, for people."""
        return ACTIONS.get(self.action, self.action)

    @property
    def changed_names(self):
        """Names of the target's fields that were changed by hand, where they are on record."""
        return [name for name, _old, _new in self.details.get("changes", ())]

    @property
    def changes(self):
        """The same for people: (field, old, new) in words."""
        for name, old, new in self.details.get("changes", ()):
            label, words = self._words_of(name)
            yield label, _in_words(old, words), _in_words(new, words)

    def _words_of(self, name):
        """(label, choices) of a field of the target, which may have gone since."""
        try:
            field = apps.get_model(self.target_type)._meta.get_field(name)
        except (LookupError, FieldDoesNotExist):
            return name, {}
        words = dict(getattr(field, "base_field", field).flatchoices)
        return capfirst(field.verbose_name), words

    @property
    def reference(self):
        """What it was done to, as people call it; empty where it has no reference."""
        letter = SERIES.get(self.target_type.rpartition(".")[2])
        return encode(letter, int(self.target_id)) if letter else ""

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("Audit entries never change.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Audit entries are never deleted.")


class AuditLink(models.Model):
    """The place of an entry in its organization's chain, given by the database at the commit.

    ``hash`` is the SHA-256 of the one before, the number and the entry (migration 0004), so that
    nothing can be changed, taken out or put in without everything after it being changed, too.
    Without constraints: checking them would wait for other transactions while others wait for
    this one, and a row that somebody took out has to be found missing.
    """

    entry = models.OneToOneField(
        AuditEntry, models.PROTECT, db_constraint=False, related_name="link"
    )
    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    number = models.BigIntegerField(null=True)
    hash = models.BinaryField(null=True)

    class Meta:
        ordering = ["organization", "number"]
        verbose_name, verbose_name_plural = _("audit link"), _("audit links")
        indexes = [
            models.Index(fields=["id"], name="auditlink_unsealed", condition=Q(number=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"], name="auditlink_once_per_number"
            ),
        ]

    def __str__(self):
        return f"{self.organization_id}: {self.number}"


class Verification(models.Model):
    """Once all chains were worked out, by the nightly round or by hand."""

    began_at = models.DateTimeField(_("verified"), db_index=True)
    broken = models.PositiveIntegerField(_("broken activity logs"))

    class Meta:
        ordering = ["-began_at"]
        verbose_name, verbose_name_plural = _("verification"), _("verifications")

    def __str__(self):
        return f"{localtime(self.began_at):%Y-%m-%d %H:%M}"


class BrokenChainQuerySet(models.QuerySet):
    def unsettled(self):
        """Those whose organization's chain has not been found in order since."""
        return self.filter(mended_at=None)


class BrokenChain(models.Model):
    """The first place where an organization's activity log is not what was written.

    Stays on record when the log is in order again. The entry may be gone, so its id is all there
    is of it.
    """

    class Wrong(models.TextChoices):
        """As in ``portal.audit.chain``."""

        CHANGED = "changed", _("An entry was changed")
        MISSING = "missing", _("An entry is missing")
        LINK = "link", _("The seal of an entry was changed")
        UNSEALED = "unsealed", _("An entry was never sealed")

    EXPLANATIONS = {
        Wrong.CHANGED: _("What the entry says is not what it said when it was sealed."),
        Wrong.MISSING: _("It was there when those after it were sealed, and is gone now."),
        Wrong.LINK: _("The seal was written anew; the entry itself may be what it was."),
        Wrong.UNSEALED: _(
            "Whatever the portal writes is sealed: this was put in by somebody else."
        ),
    }

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, verbose_name=_("organization"), related_name="+"
    )
    wrong = models.CharField(_("finding"), max_length=10, choices=Wrong)
    number = models.BigIntegerField(_("number in the log"), null=True)
    entry = models.UUIDField(_("entry"), null=True)
    entry_at = models.DateTimeField(_("written"), null=True)
    found_at = models.DateTimeField(_("found"))
    verified_at = models.DateTimeField(_("last verified"))
    last_good_at = models.DateTimeField(_("last in order"), null=True)
    mended_at = models.DateTimeField(_("in order again"), null=True)

    objects = BrokenChainQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name, verbose_name_plural = _("broken activity log"), _("broken activity logs")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number", "entry", "wrong"],
                condition=Q(mended_at=None),
                nulls_distinct=False,
                name="brokenchain_once_until_mended",
            ),
        ]

    def __str__(self):
        return f"{self.organization}: {self.get_wrong_display()}"

    @property
    def explanation(self):
        """The finding in a sentence."""
        return self.EXPLANATIONS[self.wrong]

    @property
    def entry_in_record(self):
        """The AuditEntry, if it is still there."""
        return AuditEntry.objects.filter(pk=self.entry).first() if self.entry else None


def _in_words(value, words):
    """A value, or several with commas in between, as people call them."""
    if not words or not isinstance(value, str):
        return words.get(value, value)
    return ", ".join(str(words.get(part, part)) for part in value.split(", "))
