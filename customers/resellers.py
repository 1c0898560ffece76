"""Which indirect resellers a provider can give a customer to, and why not the others."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from partners.models import Partnership
from portal.references import encode
from portal.text import fold

NO_RESELLER = "none"


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


class ResellerSelect(forms.Select):
    """A list in which those that can't be chosen are shown, but closed."""

    unavailable = ()

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.unavailable:
            option["attrs"]["disabled"] = True
        return option


def partners_of(membership):
    """The organizations ``membership``'s partners with, now or once, by reference, by name."""
    partnerships = Partnership.objects.visible_to(membership).with_partners()
    own = membership.organization_id
    partners = {p.reseller if p.provider_id == own else p.provider for p in partnerships}
    by_name = sorted(partners, key=lambda partner: (fold(partner.name), partner.pk))
    return {encode("R", partner.pk): partner for partner in by_name}
