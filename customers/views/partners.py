"""*Partner relationships*: the customer's side of grants. Looking changes nothing; posting acts."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import services
from customers.delegated import allowed
from customers.models import AdminAccount, AdminRenewal, Customer, DelegatedAdmin
from customers.relationships import RESELLER_CHANGES, partners_of_customer
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission, roles_with
from portal.audit.models import AuditEntry
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to, reverse

MOST_NAMES = 5


@require_safe
@requires(Permission.VIEW_PARTNER_RELATIONSHIPS)
def partner_list(request):
    """Who may act for the customer that asks, until when, and what waits for an answer."""
    membership = request.membership
    relationships = Customer.objects.visible_to(membership).active().with_parties()
    relationships = relationships.select_related("provider__partner").order_by("created_at")
    granted = DelegatedAdmin.objects.visible_to(membership).granted()
    granted = granted.select_related("partner", "provider__partner").order_by("granted_at", "pk")
    accounts = AdminAccount.objects.visible_to(membership)
    known = set(accounts.values_list("customer", flat=True))
    changes = AuditEntry.objects.visible_to(membership).filter(action__in=RESELLER_CHANGES)
    context = {
        "partners": list(partners_of_customer(relationships, granted, known, changes)),
        "renewals": _renewals(membership).select_related("partner", "grant", "asked_by"),
        "deciders": names_of_deciders(membership),
    }
    return render(request, "customers/partner_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ANSWER_RELATIONSHIP)
def grant_remove(request, pk):
    """*Remove delegated admin*: what follows from it, then the end; pressed twice, done once."""
    grants = DelegatedAdmin.objects.visible_to(request.membership)
    grant = get_object_or_404(grants.select_related("partner", "provider__partner"), pk=pk)
    if not grant.is_in_force:
        return _over(request, grant)
    if request.method != "POST":
        services_lost = [each.to_customer for each in allowed(grant.partner.kind, grant.provider)]
        context = {"grant": grant, "lost": services_lost}
        return render(request, "customers/grant_remove.html", context)
    try:
        services.remove_admin(grant, actor=request.membership)
    except InvalidTransition:
        return _over(request, grant)
    words = _("%(name)s no longer has delegated admin privileges. The relationship itself goes on.")
    messages.success(request, words % {"name": grant.partner})
    return redirect_to(request, "customers:partner_list")


@require_POST
@requires(Permission.ANSWER_RELATIONSHIP)
def renewal_answer(request, pk):
    """*Extend* or *Decline*: the answer to the one request that was on the page (``seen``)."""
    grant = get_object_or_404(DelegatedAdmin.objects.visible_to(request.membership), pk=pk)
    waiting = _renewals(request.membership).filter(grant=grant).select_related("grant", "partner")
    renewal = waiting.first()
    act = ANSWERS.get(request.POST.get("answer"))
    if renewal is None or request.POST.get("seen") != str(renewal.pk):
        messages.info(request, _("This renewal request has been answered, or is over."))
    elif act:
        try:
            messages.success(request, act(renewal, request.membership))
        except InvalidTransition as late:
            messages.info(request, late.reason)
    url = reverse("customers:partner_list", organization=request.membership.organization)
    return HttpResponseRedirect(url)


def names_of_deciders(membership):
    """The colleagues who may decide, for those who may only look."""
    roles = roles_with(membership.organization.kind, Permission.ANSWER_RELATIONSHIP)
    places = membership.organization.memberships.visible_to(membership).active()
    able = places.holding(*roles).select_related("user")
    return ", ".join(str(place.user) for place in able.order_by("pk")[:MOST_NAMES])


def _renewals(membership):
    return AdminRenewal.objects.visible_to(membership).pending().order_by("grant__ends_at", "pk")


def _extend(renewal, actor):
    grant = services.extend_admin(renewal, actor=actor)
    words = _("%(name)s keeps its delegated admin privileges until %(day)s.")
    day = date_format(localtime(grant.ends_at), "DATE_FORMAT")
    return words % {"name": renewal.partner, "day": day}


def _decline(renewal, actor):
    services.decline_renewal(renewal, actor=actor)
    words = _("You declined. The delegated admin privileges of %(name)s end on %(day)s.")
    day = date_format(localtime(renewal.grant.ends_at), "DATE_FORMAT")
    return words % {"name": renewal.partner, "day": day}


def _over(request, grant):
    words = _("The delegated admin privileges of %(name)s are over already.")
    messages.info(request, words % {"name": grant.partner})
    return redirect_to(request, "customers:partner_list")


ANSWERS = {"extend": _extend, "decline": _decline}
