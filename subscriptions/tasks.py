from celery import shared_task

from subscriptions import provisioning


@shared_task
def provision_line(line_id):
    provisioning.provision_line(line_id)
