"""*Activity* of one customer: the log, as far as it is about the customer or what belongs to it."""

from collections import defaultdict

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast

from customers.models import (
    AdminAccount,
    AdminRenewal,
    Customer,
    CustomerUser,
    DelegatedAdmin,
    RelationshipRequest,
    TenantOwner,
    UserUpload,
)
from portal.accounts.models import Organization
from portal.audit.models import AuditEntry
from subscriptions.models import LicenseRequest, Order, OrderLine, Subscription


def activity_of(customer, membership):
    """The entries of the log that ``membership`` may read and that concern ``customer``.

    Each organization reads its own copy: a reseller sees what happened while it looked after the
    customer. One query finds what belongs to the customer, so that the log is searched by target;
    only its users, who may be thousands, are left to the database.
    """
    entries = AuditEntry.objects.visible_to(membership)
    return entries.filter(_about(customer, membership)).with_actors()


def _about(customer, membership):
    ids = defaultdict(list)
    for label, pk in _targets(customer, membership):
        ids[label].append(pk)
    condition = _of_users(customer, membership)
    for label, found in ids.items():
        condition |= Q(target_type=label, target_id__in=found)
    return condition


def _of_users(customer, membership):
    users = CustomerUser.objects.visible_to(membership)
    theirs = users.filter(organization=customer.organization_id).order_by()
    ids = theirs.values(text=Cast("pk", CharField()))
    return Q(target_type=CustomerUser._meta.label_lower, target_id__in=ids)


def _targets(customer, membership):
    """(model's label, id) of the customer and of all that belongs to it but its users."""
    mine = {"customer": customer.pk}
    asked = {"organization": customer.organization_id, "provider": customer.provider_id}
    found = [
        Customer.objects.visible_to(membership).filter(pk=customer.pk),
        # Its people change their passwords in the name of the organization.
        Organization.objects.filter(pk=customer.organization_id),
        AdminAccount.objects.visible_to(membership).filter(**mine),
        DelegatedAdmin.objects.visible_to(membership).filter(**mine),
        AdminRenewal.objects.visible_to(membership).filter(grant__customer=customer.pk),
        TenantOwner.objects.visible_to(membership).filter(**mine),
        UserUpload.objects.visible_to(membership).filter(organization=customer.organization_id),
        RelationshipRequest.objects.visible_to(membership).filter(**asked),
        Order.objects.visible_to(membership).filter(**mine),
        OrderLine.objects.visible_to(membership).filter(order__customer=customer.pk),
        Subscription.objects.visible_to(membership).filter(**mine),
        LicenseRequest.objects.visible_to(membership).filter(subscription__customer=customer.pk),
    ]
    first, *others = (_pairs(rows) for rows in found)
    return first.union(*others, all=True)


def _pairs(rows):
    label = Value(rows.model._meta.label_lower, output_field=CharField())
    return rows.order_by().values_list(label, Cast("pk", CharField()))
