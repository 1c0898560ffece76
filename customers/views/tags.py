"""*Tags* of a customer: words by which its provider finds it again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from customers import services
from customers.forms.tags import TagsForm, UntagForm
from customers.models import Customer, CustomerTag
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.links import redirect_to

SUGGESTED = 200  # tags of other customers, the first by the alphabet


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TAG_CUSTOMERS)
def customer_tags(request, pk):
    """What the customer is tagged with, and the line that adds more."""
    customer = _customer(request, pk)
    form = TagsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        texts = form.cleaned_data["tags"]
        try:
            added = services.add_tags(customer, texts, actor=request.membership)
        except services.TooManyTags:
            words = _("A customer has at most %(number)d tags. Remove some first.")
            form.add_error("tags", words % {"number": CustomerTag.MOST})
        else:
            number = len(added)
            said = ngettext("%(number)d tag was added.", "%(number)d tags were added.", number)
            messages.success(request, said % {"number": number})
            return redirect_to(request, "customers:customer_tags", customer.pk)
    known = CustomerTag.objects.visible_to(request.membership).order_by("text")
    context = {
        "customer": customer,
        "form": form,
        "tags": list(known.filter(customer=customer).order_by("key")),
        "known": known.values_list("text", flat=True).distinct()[:SUGGESTED],
        "most": CustomerTag.MOST,
    }
    return render_form(request, "customers/customer_tags_page.html", context)


@require_POST
@requires(Permission.TAG_CUSTOMERS)
def customer_untag(request, pk):
    """*Remove* beside a tag; one that has gone already is gone."""
    customer, form = _customer(request, pk), UntagForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["remove"]
        services.remove_tag(customer, text, actor=request.membership)
        messages.success(request, _("The tag “%s” is removed.") % text)
    return redirect_to(request, "customers:customer_tags", customer.pk)


def _customer(request, pk):
    customers = Customer.objects.visible_to(request.membership).with_parties()
    return get_object_or_404(customers, pk=pk)
