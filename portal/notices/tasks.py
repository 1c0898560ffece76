"""Celery's side of notices: one mail to one reader."""

from celery import shared_task

from portal.notices import emails
from portal.notices.models import Notice
from portal.notices.readers import readers


@shared_task
def send_notice(notice_id, user_id):
    """The mail of a notice; nothing for somebody who left or turned it off since."""
    notice = Notice.objects.select_related("organization").get(pk=notice_id)
    place = readers(notice.kind, notice.organization).filter(user=user_id).first()
    return emails.notice_mail(notice, place.user) if place else None
