from django.conf import settings

from portal.navigation import navigation_for


def site(request):
    """What every page shows: the product's name and the chosen colours."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "theme": getattr(request, "theme", ""),
        "DEBUG": settings.DEBUG,
    }


def access(request):
    """``{% if can.request_partnership %}`` asks the same table the views ask."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"membership": None, "can": {}, "navigation": [], "memberships": []}
    return {
        "membership": membership,
        "can": dict.fromkeys(map(str, membership.permissions), True),
        "navigation": navigation_for(request),
        "memberships": [place.organization for place in request.user.places],
    }
