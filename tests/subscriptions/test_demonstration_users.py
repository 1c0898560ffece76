"""The demonstration shows users of every kind."""

import pytest
from django.core.management import call_command

from customers.models import CustomerUser, UserUploadRow
from portal.accounts.models import Membership

pytestmark = pytest.mark.django_db


def test_a_customer_has_users_with_licenses_and_a_file_to_save(settings):
    settings.DEBUG = True
    call_command("import_catalog", verbosity=0)
    call_command("load_demonstration", verbosity=0)

    people = CustomerUser.objects.filter(organization__slug="albrecht")
    assert people.active().count() > 20
    assert people.deactivated().count() == 2
    assert people.active().filter(licenses=None).exists()
    assert people.filter(licenses__isnull=False).exists()
    rows = UserUploadRow.objects.filter(upload__status="checked")
    assert {row.reason for row in rows} == {"", "no_name", "exists", "other_domain"}
    admins = Membership.objects.filter(organization__kind="customer")
    assert not admins.filter(user__customer_user=None).exists()
