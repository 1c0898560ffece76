from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Kind, Role, permissions_of, roles_with
from portal.scope import member_of

SESSIONS = "twotier.sessions"


class UserManager(DjangoUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username.lower())

    def called(self, login):
        """Whoever has this account name, or else this email address, or None."""
        login = login.strip().lower()
        found = self.alias(address=Lower("email")).filter(Q(username=login) | Q(address=login))
        people = list(found) if login else []
        return min(people, key=lambda person: person.username != login, default=None)

    def with_address(self, email):
        """Whoever has this email address and may sign in, or None."""
        found = self.alias(address=Lower("email")).filter(address=email.strip().lower())
        return next((person for person in found if email and person.may_sign_in), None)


class User(AbstractUser):
    """A person. What they may do depends on the organization: see Membership."""

    username = models.CharField(
        _("account name"),
        max_length=150,
        unique=True,
        error_messages={"unique": _("This account name is taken.")},
    )
    email = models.EmailField(_("email address"), blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="en"
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Berlin")
    must_change_password = models.BooleanField(default=False)
    temporary_password_until = models.DateTimeField(null=True, blank=True)
    # Their passwords are known to everybody: they sign in only while DEBUG is on.
    is_demonstration = models.BooleanField(default=False, editable=False)
    # Part of what every session is checked against: counting it up ends all of them at once.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    class Meta:
        verbose_name, verbose_name_plural = _("user"), _("users")
        # By what operators search.
        indexes = [
            models.Index(OpClass(Upper(name), "text_pattern_ops"), name=f"user_by_{name}")
            for name in ("username", "email", "last_name")
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_once",
                violation_error_message=_("This email address is in use."),
            ),
            models.CheckConstraint(
                condition=Q(username=Lower("username")), name="user_account_name_is_lower_case"
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret=None):
        """What a session must know to go on: the password as stored, and the epoch."""
        known = f"{self.password}:{self.session_epoch}"
        return salted_hmac(SESSIONS, known, secret=secret, algorithm="sha256").hexdigest()

    @property
    def may_sign_in(self):
        return self.is_active and (settings.DEBUG or not self.is_demonstration)

    @property
    def temporary_password_expired(self):
        """Whether the sign-in is closed because the first password was never changed in time."""
        return bool(
            self.must_change_password
            and self.temporary_password_until
            and self.temporary_password_until <= now()
        )

    def opens_only(self, organization_id):
        """Whether this account opens nothing else: no place elsewhere, nor the operators' pages.

        Whoever looks after it there may then have its password.
        """
        elsewhere = self.memberships.exclude(organization=organization_id)
        return not (self.is_staff or self.is_superuser or elsewhere.exists())

    @cached_property
    def places(self):
        """The person's active memberships with organizations, by name; loaded once a request."""
        active = self.memberships.filter(deactivated_at=None).select_related("organization")
        return list(active.order_by("organization__name", "pk"))

    def membership_in(self, slug):
        """The person's place in the organization with this slug, or None for strangers."""
        return next((m for m in self.places if m.organization.slug == slug), None)


YES_NO = [(True, _("Yes")), (False, _("No"))]


class Organization(models.Model):
    """A tenant: an indirect provider, an indirect reseller or a customer."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    country = models.CharField(_("country/region"), max_length=2)
    domain = models.CharField(
        _("primary domain name"),
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("This domain name is taken.")},
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # What its global admins decided for everybody who works there (the page *Security*).
    requires_second_factor = models.BooleanField(
        _("second factor for everybody"), default=False, choices=YES_NO, editable=False
    )
    idle_minutes = models.PositiveSmallIntegerField(
        _("minutes without activity until people are signed out"), null=True, editable=False
    )
    email_domains = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("email domains of invited people"),
        default=list,
        editable=False,
    )
    narrows_removal = models.BooleanField(
        _("only global admins and admin agents remove partnerships"),
        default=False,
        choices=YES_NO,
        editable=False,
    )
    # By the operator: its people go on reading, nothing is done in its name.
    suspended_at = models.DateTimeField(_("suspended since"), null=True, editable=False)
    suspension_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("suspended by"),
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("organization"), _("organizations")
        indexes = [
            models.Index(OpClass(Upper("name"), "text_pattern_ops"), name="organization_by_name"),
            models.Index(
                fields=["suspended_at"],
                name="organization_suspended",
                condition=Q(suspended_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="organization_kind_known"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_suspended(self):
        return self.suspended_at is not None

    def permissions_of(self, roles):
        """All permissions that ``roles`` give together here."""
        return permissions_of(self.kind, roles, narrowed=self.narrows_removal)

    def roles_with(self, permission):
        """The roles that hold ``permission`` here, most powerful first."""
        return roles_with(self.kind, permission, narrowed=self.narrows_removal)

    @property
    def actor(self):
        """This organization as the database knows it."""
        return member_of(self.kind, self.pk)

    @property
    def tenants(self):
        return [self.pk]

    @property
    def affected_customer_id(self):
        return self.pk if self.kind == Kind.CUSTOMER else None


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """Those who work in one's own organization, deactivated ones too."""
        return self.filter(organization=membership.organization_id)

    def active(self):
        """Places whose people can sign in and act there."""
        return self.filter(deactivated_at=None, user__is_active=True)

    def holding(self, *roles):
        return self.filter(roles__overlap=[str(role) for role in roles])

    def global_admins(self):
        return self.active().holding(Role.GLOBAL_ADMIN)


class Membership(models.Model):
    """A user's place in one organization. Requests act as a membership, not as a user."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role),
        verbose_name=_("roles"),
        default=list,
        blank=True,
    )
    created_at = models.DateTimeField(_("added"), default=now, editable=False)
    # Since when this place is closed. The person's places elsewhere stay as they are.
    deactivated_at = models.DateTimeField(_("deactivated"), null=True, blank=True)
    # Whether Home leaves out *Get started*, once nothing of it is left to do.
    hides_first_steps = models.BooleanField(default=False, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("membership"), _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"], name="membership_once_per_organization"
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=list(Role.values)), name="membership_roles_known"
            ),
        ]

    def __str__(self):
        return f"{self.user} ({self.organization})"

    @property
    def actor(self):
        return self.organization.actor

    @property
    def tenants(self):
        return [self.organization_id]

    @property
    def recorded_as(self):
        return str(self.user)

    @property
    def is_active(self):
        return self.deactivated_at is None and self.user.is_active

    @property
    def is_global_admin(self):
        return Role.GLOBAL_ADMIN in self.roles

    @cached_property
    def permissions(self):
        return self.organization.permissions_of(self.roles)

    def can(self, permission):
        return permission in self.permissions

    def may_grant(self, role):
        """Whether they may give ``role`` here: nobody gives what they lack."""
        return self.organization.permissions_of([role]) <= self.permissions

    @property
    def role_names(self):
        return [Role(role).label for role in self.roles]


class Tries(models.Model):
    """How often something was tried for one account or from one address: see ``tries``."""

    key = models.CharField(_("limit and fingerprint"), max_length=64, primary_key=True)
    count = models.PositiveIntegerField(_("tries"))
    ends_at = models.DateTimeField(_("forgotten at"), db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("sign-in tries")
        ordering = ["-ends_at"]

    def __str__(self):
        return self.key
