"""What a file would change in the catalogue as it is now."""

from subscriptions.models.catalog import price_day
from subscriptions.price_lists.facts import plan_facts
from subscriptions.price_lists.outcome import Kind, Plan
from subscriptions.price_lists.prices import plan_prices


def plan(file, *, is_full=False, today=None):
    """The Plan of a PriceFile; nothing is written.

    ``is_full``: the file is the whole list of its countries and currencies, and what it does not
    name is withdrawn as of ``today`` (a date, UTC). Refused rows withdraw nothing.
    """
    found = Plan(file.format.name)
    for refusal in file.refused:
        found.add(Kind.REFUSED, refusal.line, refusal.name, reason=refusal.reason)
    if file.format.holds_prices:
        kept = {refusal.sku_id for refusal in file.refused}
        plan_prices(found, file.rows, today or price_day(), kept=kept if is_full else None)
    else:
        plan_facts(found, file.rows)
    found.changes.sort(key=lambda change: (change.line, change.name, change.about))
    return found
