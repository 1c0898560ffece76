"""To whom a provider might write after the end of a partnership."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from customers.models import Customer, DelegatedAdmin
from subscriptions.ending import grouped
from subscriptions.models import CustomerMove

LEFT = "left"  # the customers that keep the former reseller
AT_ONCE = 100  # addresses: many mail servers take no more for one message


@dataclass
class Audience:
    """Customers that get the same message, and what it says of them."""

    key: str
    words: str
    customers: object
    facts: dict = field(default_factory=dict)

    @property
    def count(self):
        return self.customers.count()

    @cached_property
    def by_language(self):
        """The customers' addresses, each once, by the language of their letters."""
        facts = self.customers.order_by("name_key", "pk").values_list("language", "email")
        return {
            code: list(dict.fromkeys(email for language, email in facts if language == code))
            for code, _name in settings.LANGUAGES
        }

    def language_for(self, wanted):
        """``wanted``, unless nobody reads it and somebody another."""
        spoken = [code for code, found in self.by_language.items() if found]
        return wanted if wanted in spoken or not spoken else spoken[0]

    def blocks(self, language):
        """The addresses for one language, a hundred at a time."""
        found = self.by_language[language]
        return [found[at : at + AT_ONCE] for at in range(0, len(found), AT_ONCE)]


def audiences(partnership, membership):
    """The Audiences among the customers the reseller looked after, those it keeps in front."""
    customers = Customer.objects.visible_to(membership).active()
    kept = customers.filter(reseller=partnership.reseller_id)
    found = [Audience(LEFT, _("Still with %(name)s") % {"name": partnership.reseller}, kept)]
    moves = CustomerMove.objects.visible_to(membership).of(partnership).done()
    for group in grouped(moves):
        moved = moves.filter(successor=group.successor).values("customer")
        words = group.successor.name if group.successor else _("No indirect reseller")
        facts = {"successor": words} if group.successor else {"direct": True}
        found.append(Audience(group.key, words, customers.filter(pk__in=moved), facts))
    for audience in found:
        audience.facts["withdrawn"] = not _has_rights(partnership, audience.customers)
    return [audience for audience in found if audience.count] or found[:1]


def farewell_facts(partnership, membership):
    """What the message to the reseller says: whole numbers by name, and who ended it."""
    customers = Customer.objects.visible_to(membership).active()
    done = CustomerMove.objects.visible_to(membership).of(partnership).done()
    return {
        "by_provider": partnership.removed_for_id in {None, membership.organization_id},
        "left": customers.filter(reseller=partnership.reseller_id).count(),
        "moved": done.count(),
        "withdrawn": done.filter(withdrawn__isnull=False).count(),
    }


def address_of(partnership):
    """Where to write to the reseller: its own address, else the one it was invited at."""
    profile = getattr(partnership.reseller, "partner", None)
    if profile and profile.email:
        return profile.email
    return partnership.request.recipient if partnership.request else ""


def _has_rights(partnership, customers):
    granted = DelegatedAdmin.objects.granted().filter(partner=partnership.reseller_id)
    return granted.filter(customer__in=customers).exists()
