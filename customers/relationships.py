"""Who may act for a customer, in words for the customer."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.accounts.roles import Kind


class Partner(NamedTuple):
    """One partner of a customer; ``granted`` are its delegated admin privileges, if it has any."""

    name: str
    kind: str
    since: object
    granted: object
    can: list
    cannot: list

    @property
    def role(self):
        return Kind(self.kind).label


def partners_of_customer(relationships, granted):
    """The partners behind a customer's ``relationships``; ``granted``: its DelegatedAdmin rows."""
    rights = {(right.customer_id, right.partner_id): right for right in granted}
    for relationship in relationships:
        yield _provider(relationship, rights.get((relationship.pk, relationship.provider_id)))
        if relationship.reseller:
            yield _reseller(relationship, rights.get((relationship.pk, relationship.reseller_id)))


def _provider(relationship, right):
    can = [
        _("Order subscriptions for you, and change, suspend or cancel them."),
        _("Choose which reseller looks after your subscriptions, and who supports you."),
        _("See your company's data, its contacts and your subscriptions."),
        _("Reset the password of your first admin account: yours then no longer works."),
    ]
    cannot = [_("See a password you chose yourself.")]
    provider = relationship.provider
    return Partner(provider.name, provider.kind, relationship.created_at, right, can, cannot)


def _reseller(relationship, right):
    can = [_("See your company's data, its contacts and your subscriptions.")]
    cannot = [
        _("Buy anything for you: that goes through the provider."),
        _("Sign in as you, or see your passwords."),
    ]
    change = _("Change numbers of licenses, and suspend or resume subscriptions.")
    profile = getattr(relationship.provider, "partner", None)
    may_change = right and profile and profile.resellers_manage_subscriptions
    (can if may_change else cannot).append(change)
    reseller = relationship.reseller
    return Partner(reseller.name, reseller.kind, relationship.created_at, right, can, cannot)
