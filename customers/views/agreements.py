"""*Customer agreement*: a customer reads it and accepts it, so that its orders need not wait."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers import services, wording
from customers.forms.agreements import CustomerAgreementForm
from customers.models import Customer
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.links import redirect_to


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_PARTNER_RELATIONSHIPS)
def customer_agreement(request, pk):
    """The text, whether it is accepted, and the tick of a global admin where it is not."""
    customers = Customer.objects.visible_to(request.membership).active()
    customer = get_object_or_404(customers.with_parties(), pk=pk)
    if request.method == "POST":
        return _accept(request, customer)
    return _show(request, customer, CustomerAgreementForm())


@requires(Permission.ANSWER_RELATIONSHIP)
def _accept(request, customer):
    form = CustomerAgreementForm(request.POST)
    if not form.is_valid():
        return _show(request, customer, form, status=422)
    version = form.cleaned_data["version"]
    if services.accept_agreement(customer, actor=request.membership, version=version):
        words = _("The agreement is accepted. %(provider)s can start your orders now.")
    else:
        words = _("The agreement with %(provider)s was accepted already.")
    messages.success(request, words % {"provider": customer.provider.name})
    return redirect_to(request, "subscriptions:home")


def _show(request, customer, form, status=200):
    context = {"customer": customer, "form": form, "text": wording.agreement_text()}
    return render(request, "customers/customer_agreement.html", context, status=status)
