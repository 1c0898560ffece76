"""*Move to another reseller*: first who, then what that means, then the move."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import services
from customers.forms.moving import MoveForm
from customers.models import Customer, DelegatedAdmin
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MOVE_CUSTOMER)
def customer_move(request, pk):
    """Who is to look after the customer; once that is chosen, the consequences."""
    customers = Customer.objects.visible_to(request.membership).with_parties()
    customer = get_object_or_404(customers, pk=pk)
    if not customer.is_active:
        messages.info(request, _("The relationship with this customer has ended."))
        return redirect_to(request, "customers:customer_account", pk)
    is_post = request.method == "POST"
    data = request.POST if is_post else request.GET if "reseller" in request.GET else None
    form = MoveForm(data, customer=customer, membership=request.membership, confirmed=is_post)
    is_valid = form.is_valid()
    if is_post and is_valid:
        try:
            return _move(request, customer, form)
        except services.MoveRefused as refusal:
            form.add_error("reseller", refusal.reason)
        except InvalidTransition as refusal:  # the partnership ends at this very moment
            form.add_error("reseller", refusal.reason)
    granted = DelegatedAdmin.objects.visible_to(request.membership).granted()
    context = {
        "customer": customer,
        "form": form,
        "chosen": form.chosen if is_valid and not form.errors else None,
        "former_is_admin": granted.filter(customer=pk, partner=customer.reseller_id).exists(),
        "figures": Customer.objects.visible_to(request.membership).figures([customer]).get(pk),
    }
    status = 422 if is_post and form.errors else 200
    return render(request, "customers/customer_move.html", context, status=status)


def _move(request, customer, form):
    reseller = form.chosen.reseller
    services.move_customer(customer, reseller, actor=request.membership, seen=form.seen)
    names = {"customer": customer.company_name, "name": reseller}
    words = _("%(customer)s is now served without a reseller.")
    if reseller:
        words = _("%(name)s looks after %(customer)s from now on.")
    messages.success(request, words % names)
    return redirect_to(request, "customers:customer_account", customer.pk)
