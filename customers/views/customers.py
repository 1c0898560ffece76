from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import domains, services
from customers.forms import CustomerAccountForm
from customers.handover import handover
from customers.models import AdminAccount, Customer
from customers.resetting import why_no_reset
from customers.rows import fill_panels
from customers.setup_info import may_reveal
from customers.twins import find_twins
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.address_forms import DEPENDENT
from portal.htmx import render_page, wants_partial
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to, reverse


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def customer_panel(request, pk):
    """An expanded row; without htmx, the list with that row expanded."""
    customer = _customer(request, pk)
    if not wants_partial(request):
        name, organization = "customers:customer_list", request.membership.organization
        url = reverse(name, organization=organization, open=customer.reference)
        return HttpResponseRedirect(f"{url}#{customer.reference}")
    fill_panels([customer])
    return render(request, "customers/customer_panel.html", {"row": customer})


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def customer_detail(request, pk):
    return redirect_to(request, "subscriptions:customer_subscriptions", _customer(request, pk).pk)


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def customer_account(request, pk):
    """*Account*: what is known about the company, its agreement and who administers it."""
    customer = _customer(request, pk)
    context = {
        "customer": customer,
        "account": _accounts(request, customer).first(),
        "may_edit": customer.is_active and request.membership.can(Permission.EDIT_CUSTOMER),
        "why_no_reset": why_no_reset(customer, request.membership),
    }
    return render(request, "customers/customer_account.html", context)


@require_safe
@requires(Permission.ADD_CUSTOMER)
def domain_check(request):
    """Whether a primary domain name is free, said while it is typed, with the way out if not."""
    context = {"prefix": request.GET.get("domain", "").strip()}
    try:
        context["prefix"] = prefix = domains.tidy_prefix(context["prefix"])
        if domains.is_taken(prefix):
            own = Customer.objects.visible_to(request.membership)
            found = own.filter(domain=domains.domain_name(prefix)).first()
            context |= {"problem": domains.taken(prefix), "is_taken": True, "customer": found}
    except ValidationError as error:
        context["problem"] = error.message
    return render(request, "customers/domain_check.html", context)


@require_safe
@requires(Permission.ADD_CUSTOMER)
def twin_check(request):
    """Customers that the one being typed may be already; asked field by field."""
    names = ("company_name", "registration_number", "email")
    typed = {name: request.GET.get(name, "")[:200].replace("\0", "") for name in names}
    context = {"twins": find_twins(request.membership, **typed)}
    return render(request, "customers/twins.html", context)


@require_safe
@requires(Permission.ADD_CUSTOMER)
def country_fields(request):
    """The fields of *New customer* that depend on the country, for the one just selected."""
    chosen = {name: request.GET.get(name, "") for name in ("country", *DEPENDENT)}
    form = CustomerAccountForm(membership=request.membership, initial=chosen)
    return render(request, "customers/country_fields.html", {"form": form})


@require_safe
@requires(Permission.SEE_SETUP_INFO)
def setup_info(request, pk):
    """How far the admin account is; asked every two seconds while it is being set up."""
    customer = _customer(request, pk)
    return _show_setup_info(request, customer, services.setup_info(customer, request))


@require_POST
@requires(Permission.SEE_SETUP_INFO)
@sensitive_variables("secret")
def setup_info_reveal(request, pk):
    """Show the temporary password: once, to whom it belongs; everybody else sees how it stands."""
    customer = _customer(request, pk)
    account = get_object_or_404(_accounts(request, customer))
    if may_reveal(request, account) and not _is_prefetch(request):
        try:
            secret = services.reveal_setup_info(account, actor=request.membership)
            return _show_setup_info(request, customer, handover(secret))
        except InvalidTransition:
            pass  # shown in the meantime, or not ready yet
    return _show_setup_info(request, customer, services.setup_info(customer, request))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RESET_ADMIN_PASSWORD)
@reauthenticated
def admin_password_reset(request, pk):
    """*Reset admin password*: the new one is then shown as the first one was, once."""
    customer = _customer(request, pk)
    account = get_object_or_404(_accounts(request, customer))
    if request.method != "POST":
        why_not = why_no_reset(customer, request.membership)
        context = {"customer": customer, "account": account, "why_not": why_not}
        return render(request, "customers/admin_password_reset.html", context)
    services.reset_admin_password(account, actor=request.membership)
    services.allow_setup_info(request, customer)
    messages.success(request, _("The old password of %s no longer works.") % account)
    return redirect_to(request, "customers:setup_info", customer.pk)


def _customer(request, pk):
    customers = Customer.objects.visible_to(request.membership).with_parties()
    customers = customers.select_related("agreement_by", "removed_by")
    return get_object_or_404(customers, pk=pk)


def _accounts(request, customer):
    """The customer's admin account, if it was set up from here."""
    accounts = AdminAccount.objects.visible_to(request.membership).filter(customer=customer)
    return accounts.select_related("user", "revealed_by")


def _is_prefetch(request):
    """Pages a browser prepares before anybody looks at them don't count as shown."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def _show_setup_info(request, customer, setup):
    """The region or the page, which no cache may keep.

    Its referrer policy is the portal's own, same-origin: under no-referrer browsers send forms
    without an origin, and the button that shows the setup info would be refused as forged.
    """
    response = render_page(
        request,
        "customers/setup_info.html",
        {"customer": customer, "setup": setup},
        partial="customers/setup_info_region.html",
    )
    response["Cache-Control"] = "no-store"
    return response
