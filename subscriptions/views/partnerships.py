"""*Remove partnership*: the consequences first, who looks after the customers, then the end."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from customers.models import Customer
from partners.models import Partnership
from partners.services import Consequences
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.htmx import render_form, render_page
from portal.lifecycle import InvalidTransition
from portal.links import redirect_to, reverse
from portal.lists import Page
from subscriptions import services
from subscriptions.ending import ChoiceForm, CustomerSearch, Plan, RemovalForm
from subscriptions.models import CustomerMove
from subscriptions.tables import MoveTable

MOVES_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REMOVE_PARTNERSHIP)
@reauthenticated
def partnership_remove(request, pk):
    """The consequences, what is decided about the customers, and the statement."""
    partnership = latest_partnership(request, pk)
    if partnership.status == Partnership.Status.REMOVED:
        return _ended_already(request, partnership)
    data = request.POST if request.method == "POST" else None
    form = RemovalForm(data, plan=Plan(partnership))
    if form.is_valid():
        try:
            return _remove(request, partnership, form)
        except services.EndingRefused as refusal:
            form.add_error(None, refusal.reason)
        except InvalidTransition:
            return _ended_already(request, latest_partnership(request, pk))
    context = {
        "form": form,
        "partnership": partnership,
        "plan": Plan(partnership),
        "stays": Consequences(partnership, request.membership),
    }
    return render_form(request, "subscriptions/partnership_remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REMOVE_PARTNERSHIP)
def partnership_customers(request, pk):
    """Who looks after the customers afterwards: one choice for all, others for some."""
    partnership = latest_partnership(request, pk)
    customers = customers_of(request.membership, partnership)
    search = CustomerSearch(request.GET)
    found = search.apply(customers)
    data = request.POST if request.method == "POST" else None
    form = ChoiceForm(data, partnership=partnership, membership=request.membership)
    if form.is_valid() and (chosen := form.among(customers, found)) is not None:
        return _decide(request, partnership, chosen, form)
    page = Page(request, MoveTable, found.for_list(), series="C", size=MOVES_PER_PAGE)
    _attach_moves(request.membership, partnership, page.rows)
    context = {
        "form": form,
        "filters": search,
        "page": page,
        "partnership": partnership,
        "plan": Plan(partnership),
    }
    return render_page(
        request,
        "subscriptions/partnership_customers.html",
        context,
        partial="subscriptions/moves_region.html",
        status=422 if form.errors else 200,
    )


def latest_partnership(request, partner):
    """The latest partnership with this company, or 404."""
    partnerships = Partnership.objects.visible_to(request.membership)
    partnership = partnerships.latest_with(partner)
    if partnership is None:
        raise Http404
    return partnership


def customers_of(membership, partnership):
    """The provider's customers that the reseller of ``partnership`` looks after."""
    customers = Customer.objects.visible_to(membership).active()
    return customers.filter(reseller=partnership.reseller_id)


def _remove(request, partnership, form):
    removed = services.end_partnership(
        partnership, actor=request.membership, **form.carried_out, **form.confirmation
    )
    name, organization = partnership.reseller.name, request.membership.organization
    words = _(
        "The partnership with %(name)s is removed. They no longer appear in the list. "
        "Nothing was sent to them or to customers."
    )
    until = date_format(localtime(removed.undo_until), "TIME_FORMAT")
    link = _("What was done, drafts of messages, and Undo until %(until)s")
    url = reverse(
        "subscriptions:reseller_ended", partnership.reseller_id, organization=organization
    )
    said = words % {"name": name}, url, link % {"until": until}
    messages.success(request, format_html('{} <a href="{}">{}</a>', *said))
    return redirect_to(request, "partners:reseller_list")


def _ended_already(request, partnership):
    messages.info(request, partnership.ending_for(request.membership))
    return redirect_to(request, "subscriptions:reseller_ended", partnership.reseller_id)


def _decide(request, partnership, chosen, form):
    number = services.decide_customers(
        partnership, chosen, form.successor, actor=request.membership
    )
    words = ngettext(
        "Noted for %(number)s customer. Nothing has happened to it yet.",
        "Noted for %(number)s customers. Nothing has happened to them yet.",
        number,
    )
    messages.success(request, words % {"number": number})
    return HttpResponseRedirect(request.get_full_path())


def _attach_moves(membership, partnership, customers):
    """Give each customer the decision about it, if there is one."""
    moves = CustomerMove.objects.visible_to(membership).of(partnership).decided()
    rows = moves.filter(customer__in=customers).select_related("successor")
    decided = {move.customer_id: move for move in rows}
    for customer in customers:
        customer.move = decided.get(customer.pk)
