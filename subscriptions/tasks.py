from celery import shared_task

from subscriptions import provisioning


@shared_task
def provision_line(line_id):
    provisioning.provision_line(line_id)


@shared_task
def change_subscriptions(batch_id, first, last, sender_id):
    """Some lines of a batch: exactly once, because the effect is in the database alone."""
    from subscriptions import services  # which itself names the tasks

    services.change_chunk(batch_id, first=first, last=last, sender_id=sender_id)
