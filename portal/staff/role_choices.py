"""Roles as people choose them: what each is for, and the menu that comes with it.

``RolesField`` is one form field for adding somebody, inviting them and changing their roles.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import GRANTS, Kind, Role, permissions_of
from portal.navigation import MENU

SENTENCES = {
    Kind.PROVIDER: {
        Role.GLOBAL_ADMIN: gettext_lazy(
            "Does everything here: staff and roles, agreements, and what all other roles do."
        ),
        Role.USER_ADMIN: gettext_lazy(
            "Looks after staff and customers' users, requests partnerships and adds new customers."
        ),
        Role.ADMIN_AGENT: gettext_lazy(
            "Sells to customers and administers them; signs no agreements of your own company."
        ),
        Role.SALES_AGENT: gettext_lazy(
            "Looks after partnerships, customers, orders and subscriptions; resets no passwords."
        ),
    },
    Kind.RESELLER: {
        Role.GLOBAL_ADMIN: gettext_lazy(
            "Does everything here: answers providers, accepts agreements, looks after staff."
        ),
        Role.USER_ADMIN: gettext_lazy("Looks after staff; sees customers and subscriptions."),
        Role.ADMIN_AGENT: gettext_lazy(
            "Invites customers, administers those who allow it, and looks after staff."
        ),
    },
}


def sentence_of(kind, role):
    """What ``role`` is for in an organization of this kind; empty where it has no words."""
    return SENTENCES.get(kind, {}).get(role, "")


def menu_of(kind, roles):
    """The labels of the menu that ``roles`` give together, in its order."""
    held = permissions_of(kind, roles)
    return [str(label) for _page, label, permission, _group in MENU if permission in held]


class RoleBoxes(forms.CheckboxSelectMultiple):
    """One box a role; those that ``actor`` (a Membership) may not give can't be ticked."""

    template_name = "staff/role_choices.html"
    actor = None

    def create_option(self, name, value, label, selected, index, **options):
        option = super().create_option(name, value, label, selected, index, **options)
        kind = self.actor.organization.kind
        option["sentence"] = sentence_of(kind, value)
        option["menu"] = ", ".join(menu_of(kind, [value]))
        option["closed"] = not self.actor.may_grant(value)
        return option


class RolesField(forms.MultipleChoiceField):
    """The roles that can be held where ``actor`` is, and of which they may give their own part.

    Call ``offer_by`` in the form's ``__init__``. It cleans to a list of Role.
    """

    widget = RoleBoxes

    def __init__(self, **options):
        options.setdefault("label", gettext_lazy("Roles"))
        missing = gettext_lazy("Tick at least one role.")
        super().__init__(error_messages={"required": missing}, **options)

    def offer_by(self, actor):
        """Offer what there is in the organization of ``actor``, the Membership that gives it."""
        self.widget.actor = actor
        kind = actor.organization.kind
        self.choices = [(role.value, role.label) for role in Role if role in GRANTS[kind]]

    def clean(self, value):
        roles = [Role(role) for role in super().clean(value)]
        actor = self.widget.actor
        for role in roles:
            if not actor.may_grant(role):
                words = _("You can't give the role “%(role)s”: it may do more than you may.")
                raise ValidationError(words % {"role": role.label}, code="forbidden")
        return roles
