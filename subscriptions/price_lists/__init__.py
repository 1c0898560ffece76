"""The vendor's price lists and offer matrices: read, compared with the catalogue, taken over.

``read`` tells the four kinds of files apart and makes rows of them; ``plan`` says what a file would
change without changing it; ``take_over`` makes exactly that happen. ``import_file`` does it all in
one transaction.
"""

from subscriptions.price_lists.applying import import_file, lock, take_over
from subscriptions.price_lists.outcome import Change, Kind, Plan
from subscriptions.price_lists.planning import plan
from subscriptions.price_lists.reading import PriceFile, read

__all__ = [
    "Change",
    "Kind",
    "Plan",
    "PriceFile",
    "import_file",
    "lock",
    "plan",
    "read",
    "take_over",
]
