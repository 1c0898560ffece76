"""The regular round through deleted users: whose time to be restored is over is gone for good."""

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from customers import services
from customers.models import CustomerUser, UserUpload, UserUploadRow
from portal.rounds import go_through

MOST = 200  # of each kind in one round; the next one comes within the hour


@shared_task
def purge_users():
    """Empty old files first: their rows name people who may be purged right after."""
    late = now() - settings.USER_RESTORE_WINDOW
    files = UserUpload.objects.filter(created_at__lte=late, rows__isnull=False).distinct()
    people = CustomerUser.objects.deactivated().filter(deactivated_at__lte=late)
    go_through([(files.order_by("pk"), _empty)], owner="acting_for", most=MOST)
    go_through([(people.order_by("pk"), services.purge_user)], owner="organization", most=MOST)


def _empty(upload):
    UserUploadRow.objects.filter(upload=upload).delete()
