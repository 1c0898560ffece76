"""The companies that a subscription can name."""

from django.utils.translation import gettext as _

from portal.references import encode


def contact_choices(subscription, partnerships):
    """(reference, words) of who can be designated support contact; "" is the provider itself."""
    choices = [("", _("%(name)s (you)") % {"name": subscription.provider.name})]
    choices += [(encode("R", p.reseller_id), p.reseller.name) for p in partnerships]
    contact = subscription.support_contact
    if contact and encode("R", contact.pk) not in dict(choices):
        words = _("%(name)s (partnership ended)") % {"name": contact.name}
        choices.append((encode("R", contact.pk), words))
    return choices


def contacts(subscription, partnerships):
    """The organizations behind the choices by their references; the provider itself is None."""
    partners = [p.reseller for p in partnerships]
    contact = subscription.support_contact
    known = [*partners, contact] if contact else partners
    return {encode("R", partner.pk): partner for partner in known}
