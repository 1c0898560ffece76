"""Which indirect resellers a provider can give a customer to, and why not the others."""

from typing import NamedTuple

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from partners.models import Partnership
from portal.accounts.roles import Kind
from portal.references import encode
from portal.text import fold

NO_RESELLER = "none"


class Partner(NamedTuple):
    """As much of an organization as a list of choices needs."""

    pk: int
    name: str


class Resellers:
    """The partners of one provider by reference, as the choices of a list."""

    def __init__(self, membership):
        self.membership = membership

    @cached_property
    def partnerships(self):
        """Active partnerships by the reseller's reference, in the order of names."""
        found = Partnership.objects.visible_to(self.membership).active().with_partners()
        return {encode("R", p.reseller_id): p for p in found.order_by("reseller_name_key", "pk")}

    @cached_property
    def unavailable(self):
        """Why some can't be chosen, by reference."""
        reason = _("This reseller has not signed the partner agreement yet.")
        return {
            reference: reason
            for reference, partnership in self.partnerships.items()
            if not partnership.reseller.partner.agreement_signed
        }

    @cached_property
    def available(self):
        """The organizations that can be chosen, by reference."""
        return {
            reference: partnership.reseller
            for reference, partnership in self.partnerships.items()
            if reference not in self.unavailable
        }

    @property
    def choices(self):
        return [
            ("", _("Select indirect reseller")),
            *((reference, self._words(reference)) for reference in self.partnerships),
            (NO_RESELLER, _("No indirect reseller")),
        ]

    def _words(self, reference):
        partnership = self.partnerships[reference]
        name = f"{partnership.reseller.name} · {partnership.location.mpn_id}"
        if reference in self.unavailable:
            return _("%(name)s (partner agreement not signed)") % {"name": name}
        return name


class Providers:
    """The partners of one reseller by reference, as the choices of a list."""

    def __init__(self, membership):
        self.membership = membership

    @cached_property
    def partnerships(self):
        """Active partnerships by the provider's reference, in the order of names."""
        found = Partnership.objects.visible_to(self.membership).active().with_partners()
        by_name = sorted(found, key=lambda p: (fold(p.provider.name), p.pk))
        return {encode("R", p.provider_id): p for p in by_name}

    @cached_property
    def unavailable(self):
        """All of them, until the reseller itself has signed."""
        reason = _("Your company has not signed the partner agreement yet.")
        unsigned = (
            r for r, partnership in self.partnerships.items() if partnership.agreement_missing
        )
        return dict.fromkeys(unsigned, reason)

    @property
    def choices(self):
        names = ((reference, p.provider.name) for reference, p in self.partnerships.items())
        return [("", _("Select indirect provider")), *names]


class ResellerSelect(forms.Select):
    """A list in which those that can't be chosen are shown, but closed."""

    unavailable = ()

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.unavailable:
            option["attrs"]["disabled"] = True
        return option


def partners_of(membership):
    """Whom ``membership`` partners with, now or once: (pk, name) by reference, by name."""
    other = "reseller" if membership.organization.kind == Kind.PROVIDER else "provider"
    partnerships = Partnership.objects.visible_to(membership).order_by()
    partners = set(partnerships.values_list(other, f"{other}__name"))
    by_name = sorted(partners, key=lambda partner: (fold(partner[1]), partner[0]))
    return {encode("R", pk): Partner(pk, name) for pk, name in by_name}
