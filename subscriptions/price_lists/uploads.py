"""A file that an operator uploads: kept, looked at as often as wanted, imported once."""

from io import BytesIO

from django.db import transaction
from django.utils.timezone import now

from subscriptions.models import PriceUpload
from subscriptions.price_lists.applying import lock, take_over
from subscriptions.price_lists.planning import plan
from subscriptions.price_lists.reading import read


class CatalogChanged(Exception):
    """The file would change something else than was shown; ``plan`` is what it would change now."""

    def __init__(self, found):
        self.plan = found
        super().__init__(found.fingerprint)


@transaction.atomic
def keep_upload(data, *, name, currency, is_full, operator):
    """The PriceUpload of these bytes; what the operator uploaded before and left is discarded."""
    PriceUpload.objects.filter(created_by=operator, imported_at=None).delete()
    upload = PriceUpload(file_name=name, currency=currency, is_full=is_full, created_by=operator)
    upload.content = data
    upload.save()
    return upload


def planned(upload):
    """The Plan of a PriceUpload as the catalogue is now."""
    file = read(BytesIO(upload.content), currency=upload.currency)
    return plan(file, is_full=upload.is_full)


@transaction.atomic
def import_upload(upload, *, operator, seen):
    """Import what was shown; ``seen`` is the fingerprint of that Plan.

    Returns (PriceUpload, Plan), without a Plan where it has been imported before. Raises
    CatalogChanged when something else would happen, and DoesNotExist when it was discarded.
    """
    upload = PriceUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.imported_at:
        return upload, None
    lock()
    found = planned(upload)
    if found.fingerprint != seen:
        raise CatalogChanged(found)
    take_over(found)
    upload.imported_by, upload.imported_at, upload.counts = operator, now(), found.counts
    upload.save(update_fields=["imported_by", "imported_at", "counts"])
    return upload, found
