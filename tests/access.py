"""What the access matrix asks of a page. Each app lists its own in ``tests/<app>/pages.py``."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from portal.accounts.roles import Kind, Role
from portal.audit.models import AuditEntry
from portal.audit.services import record
from subscriptions.models import OrderDraft
from tests.factories import (
    make_account_invitation,
    make_admin_renewal,
    make_assignment,
    make_batch,
    make_broken_chain,
    make_calendar_feed,
    make_change_batch,
    make_customer,
    make_enrolment,
    make_grant,
    make_handout,
    make_invitation,
    make_letter_template,
    make_license_request,
    make_line,
    make_membership,
    make_message,
    make_move,
    make_move_batch,
    make_notice,
    make_offer,
    make_order,
    make_order_request,
    make_partner,
    make_partnership,
    make_person,
    make_profile_change,
    make_relationship_request,
    make_request,
    make_saved_view,
    make_subscription,
    make_tag,
    make_tenant_owner,
    make_upload,
)


@dataclass
class Page:
    """A page of an organization: who may open it, how, and what its address is about.

    ``about`` names attributes of a ``make_world()`` whose ids are the address's arguments;
    ``kinds`` are the sides of the relationship whose own rows those are.
    """

    permission: str
    method: str = "get"
    about: tuple = ()
    kinds: tuple = (Kind.PROVIDER,)
    data: dict = field(default_factory=dict)
    refuses: int = 0  # what the world's row answers to whoever may ask

    def arguments(self, world):
        return [getattr(world, name).pk for name in self.about]


def users_pages(app, pages):
    """Both sides' pages about a customer's users: (permission, method, about) by name."""
    return {
        f"{app}:{side}{name}": Page(permission, method, (*first, *about), kinds)
        for name, (permission, method, about) in pages.items()
        for side, first, kinds in (
            ("", ("customer",), (Kind.PROVIDER, Kind.RESELLER)),
            ("own_", (), (Kind.CUSTOMER,)),
        )
    }


def make_world():
    """A provider, its reseller and their customer, with one of everything between them."""
    provider, reseller = make_partner(Kind.PROVIDER), make_partner(Kind.RESELLER)
    staff = make_membership(organization=provider)
    colleague = make_membership(Role.USER_ADMIN, organization=provider)
    partnership = make_partnership(provider, reseller)
    customer = make_customer(provider, reseller, created_by=staff.user)
    offer = make_offer()
    order = make_order(customer, placed_by=staff.user)
    make_line(order, offer)
    grant = customer.delegated_admins.get()
    make_grant(customer)
    person = make_person(customer.organization)
    subscription = make_subscription(customer, offer)
    make_assignment(subscription, person)
    record("customer.added", actor=None, target=customer)
    return SimpleNamespace(
        provider=provider,
        reseller=reseller,
        colleague=colleague,
        organization=customer.organization,
        partnership=partnership,
        customer=customer,
        offer=offer,
        request=make_request(provider, created_by=staff.user),
        relationship_request=make_relationship_request(partnership, created_by=staff.user),
        order=order,
        subscription=subscription,
        license_request=make_license_request(subscription),
        order_request=make_order_request(customer, offer),
        person=person,
        account_invitation=make_account_invitation(
            make_person(customer.organization, name="Cara Cole")
        ),
        upload=make_upload(customer.organization, provider, created_by=staff.user),
        message=make_message(provider),
        broken_chain=make_broken_chain(provider),
        handout=make_handout(colleague, staff.user),
        invitation=make_invitation(provider, invited_by=staff.user),
        notice=make_notice(provider),
        move=make_move(customer, partnership, decided_by=staff.user),
        draft=OrderDraft.objects.create(provider=provider, created_by=staff.user),
        letter_template=make_letter_template(provider, changed_by=staff.user),
        batch=make_batch(provider, created_by=staff.user),
        profile_change=make_profile_change(provider, asked_by=staff.user),
        enrolment=make_enrolment(),
        grant=grant,
        renewal=make_admin_renewal(grant),
        tenant_owner=make_tenant_owner(customer),
        tag=make_tag(customer, added_by=staff.user),
        move_batch=make_move_batch(customer, created_by=staff.user),
        calendar_feed=make_calendar_feed(staff, f"secret of {staff.pk}"),
        change_batch=make_change_batch(subscription, created_by=staff.user),
        member=staff,
        saved_view=make_saved_view(staff, is_shared=True, is_start=True),
        audit_entry=AuditEntry.objects.get(organization=provider),
    )
