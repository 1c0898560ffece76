"""Price files that operators upload: looked at first, then imported as they are."""

import zlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PriceUpload(models.Model):
    """A price list or offer matrix as it came, with who sent it and who had it imported."""

    file_name = models.CharField(_("file"), max_length=100)
    compressed = models.BinaryField(editable=False)
    # Of a legacy price list, which does not say; empty for the others.
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    is_full = models.BooleanField(_("complete list"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    imported_at = models.DateTimeField(_("imported"), null=True)
    # How many were added, changed, withdrawn, refused and unchanged.
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("price upload"), _("price uploads")

    def __str__(self):
        return self.file_name

    @property
    def content(self):
        """The bytes of the file."""
        return zlib.decompress(self.compressed)

    @content.setter
    def content(self, data):
        self.compressed = zlib.compress(data)
