"""What requests have in common that one side makes and the other answers in time."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from customers.models import TenantQuerySet


class AskedStatus(models.TextChoices):
    OPEN = "open", _("Open")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class AskedQuerySet(TenantQuerySet):
    """Of rows with a ``status`` of AskedStatus and an ``expires_at``."""

    def open(self):
        """Those that wait for an answer and can still get one."""
        return self.filter(status=AskedStatus.OPEN, expires_at__gt=now())

    def run_out(self):
        """Those that nobody answered in time, but which still say they are open."""
        return self.filter(status=AskedStatus.OPEN, expires_at__lte=now())

    def in_state(self, state):
        """Those that people should read as being in ``state``; see ``Asked.state``."""
        if state == AskedStatus.OPEN:
            return self.open()
        late = Q(status=AskedStatus.OPEN, expires_at__lte=now())
        is_late = late if state == AskedStatus.EXPIRED else Q(pk=None)
        return self.filter(Q(status=state) | is_late)


class Asked(models.Model):
    """The words for it: what has run out says so at once, whatever any round did."""

    class Meta:
        abstract = True

    @property
    def has_expired(self):
        return self.expires_at <= now()

    @property
    def is_open(self):
        """Whether it can be decided or withdrawn at this very moment."""
        return self.status == AskedStatus.OPEN and not self.has_expired

    @property
    def state(self):
        """The status as people should read it."""
        late = self.status == AskedStatus.OPEN and self.has_expired
        return AskedStatus.EXPIRED if late else AskedStatus(self.status)

    @property
    def state_words(self):
        return self.state.label
