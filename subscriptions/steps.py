from django.utils.translation import gettext_lazy as _

from portal.links import reverse

STEPS = [
    ("account", _("Account info"), "subscriptions:draft_account"),
    ("subscriptions", _("Subscriptions"), "subscriptions:draft_subscriptions"),
    ("review", _("Review"), "subscriptions:draft_review"),
    ("confirmation", _("Confirmation"), None),
]


def steps(request, current, draft=None):
    """The rail of the new-customer wizard; what is done can be gone back to while it is a draft."""
    names = [name for name, _label, _page in STEPS]
    place = names.index(current)
    return [
        {
            "label": label,
            "state": ("done", "current", "todo")[(index >= place) + (index > place)],
            "url": _url(request, page, draft),
        }
        for index, (_name, label, page) in enumerate(STEPS)
    ]


def _url(request, page, draft):
    if not page or draft is None:
        return ""
    return reverse(page, draft.pk, organization=request.membership.organization)
