"""Tags and saved views of the demonstration: what a team leaves behind that works with lists."""

from customers.models import Customer
from customers.services import add_tags
from portal.references import encode
from portal.savedviews.models import SavedView
from portal.savedviews.services import save_view

TAGS = (
    # every how many customers, the tag
    (9, "VIP"),
    (14, "Pilot 2026"),
    (23, "Rahmenvertrag"),
)


def keep(people):
    """Tags on the customers of the provider that these ``people`` work for, and views of theirs."""
    first, last = people[0], people[-1]
    customers = list(Customer.objects.filter(provider=first.organization_id).order_by("pk"))
    for step, text in TAGS:
        for customer in customers[::step]:
            add_tags(customer, [text], actor=first)
    kessler = encode("R", customers[0].reseller_id)
    _view(first, "Kessler, own support", f"reseller={kessler}&support=provider", shared=True)
    _view(first, "VIP", "tag=VIP", shared=False)
    _view(last, "Pilot 2026", "tag=Pilot+2026&sort=-added", shared=True)


def _view(person, name, query, *, shared):
    view = SavedView(
        organization=person.organization,
        owner=person.user,
        list="customers",
        query=query,
    )
    save_view(view, actor=person, is_start=False, name=name, is_shared=shared)
