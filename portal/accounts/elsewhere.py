"""What is not here but may be found: by search, or in another organization of the same person."""

import re
from functools import cache

from django.apps import apps

from portal.accounts.roles import Permission as P
from portal.links import reverse
from portal.references import SERIES, decode_or_none
from portal.scope import acting

IN_PATH = re.compile(r"(?:^|/)([A-Za-z]-[0-9A-Za-z]{6,11})(?=/|$)")
# Lists that find a row by its reference: page, permission, further values of the address.
LISTS = {
    "C": ("customers:customer_list", P.VIEW_CUSTOMERS, {"status": "all"}),
    "S": ("subscriptions:subscription_list", P.VIEW_SUBSCRIPTIONS, {}),
    "O": ("subscriptions:order_list", P.PLACE_ORDER, {}),
    "P": ("partners:reseller_list", P.VIEW_RESELLERS, {"view": "pending", "status": "all"}),
    "G": ("customers:grant_list", P.VIEW_CUSTOMERS, {}),
}


def reference_in(path):
    """The first reference in the address of an organization's page, in capitals, or ""."""
    _start, _o, _slug, rest = path.split("/", 3)
    found = IN_PATH.search(rest)
    reference = found[1].upper() if found else ""
    return reference if reference[:1] in SERIES.values() else ""


def search_for(reference, membership):
    """Where the member may look for ``reference``: ``url`` and ``hidden`` inputs, or None."""
    page, permission, hidden = LISTS.get(reference[0], (None, None, None))
    if not page or not membership.can(permission):
        return None
    return {"url": reverse(page, organization=membership.organization), "hidden": hidden}


def found_elsewhere(request, reference):
    """(organization, url) of another place of this person where the row is theirs to see."""
    for place in request.user.places:
        if place.organization_id != request.membership.organization_id and _sees(place, reference):
            rest = request.get_full_path().split("/", 3)[3]
            return place.organization, f"/o/{place.organization.slug}/{rest}"
    return None


def _sees(place, reference):
    pk = decode_or_none(reference[0], reference)
    models = _models().get(reference[0], ()) if pk and place.roles else ()
    with acting(place.actor):
        return any(model.objects.visible_to(place).filter(pk=pk).exists() for model in models)


@cache
def _models():
    """The models whose rows have references, by their letter."""
    found = {}
    for model in apps.get_models():
        letter = SERIES.get(model._meta.model_name)
        if letter and hasattr(model.objects, "visible_to"):
            found.setdefault(letter, []).append(model)
    return found
