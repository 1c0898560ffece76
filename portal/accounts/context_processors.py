from django.conf import settings

from portal import maintenance
from portal.links import reverse
from portal.navigation import HOME, navigation_for


def site(request):
    """What every page shows: the product's name, the chosen colours, and whether in a dialog."""
    in_dialog = request.htmx.target == "dialog" if hasattr(request, "htmx") else False
    return {
        "layout": "dialog.html" if in_dialog else "base.html",
        "SITE_NAME": settings.SITE_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "theme": getattr(request, "theme", ""),
        "DEBUG": settings.DEBUG,
        "viewing": getattr(request, "viewing", None),
        "maintenance": maintenance.announced(),
    }


def access(request):
    """``{% if can.request_partnership %}`` asks the same table the views ask."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"membership": None, "can": {}, "navigation": [], "memberships": []}
    organization = membership.organization
    return {
        "suspended": organization if organization.is_suspended else None,
        "membership": membership,
        "can": dict.fromkeys(map(str, membership.permissions), True),
        "navigation": navigation_for(request),
        "memberships": [
            _place(place.organization)
            for place in request.user.places
            if place.organization_id != membership.organization_id
        ],
    }


def _place(organization):
    """An entry of the organization switcher."""
    url = reverse(HOME, organization=organization)
    return {"name": organization.name, "kind": organization.kind, "url": url}
