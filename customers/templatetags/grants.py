"""What the pages of a customer say about grants, for whoever looks: one line per page."""

from django import template

from customers.delegated import allowed
from customers.models import DelegatedAdmin, TenantOwner

register = template.Library()


@register.simple_tag(takes_context=True)
def grants_of(context, customer):
    """The customer's grants in force, as the reader may see them: ``admins`` and ``owners``.

    Each admin has ``services``, what it allows.
    """
    membership = context["membership"]
    admins = DelegatedAdmin.objects.visible_to(membership).granted().filter(customer=customer)
    owners = TenantOwner.objects.visible_to(membership).granted().filter(customer=customer)
    shown = admins.with_renewals().select_related("partner", "granted_by", "provider__partner")
    found = list(shown.order_by("granted_at", "pk"))
    for admin in found:
        services = allowed(admin.partner.kind, admin.provider)
        admin.services = [service.to_partner for service in services]
    return {"admins": found, "owners": owners.newest()}
