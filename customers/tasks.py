from celery import shared_task

from customers import provisioning


@shared_task
def provision_admin_account(account_id):
    provisioning.provision(account_id)
