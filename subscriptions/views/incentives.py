"""*Incentives*: for what each reseller was reseller of record, and the rows behind each number."""

from functools import partial

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partners.models import MpnAccount
from portal.accounts.decorators import reauthenticated, requires
from portal.accounts.roles import Permission
from portal.exports import Dialect, chosen_dialect, csv_response, file_name
from portal.htmx import render_page
from portal.links import reverse
from portal.lists import Page
from subscriptions.incentive_forms import IncentiveFilter
from subscriptions.incentives import ANYBODY, NOBODY, Report
from subscriptions.incentives_chart import HEIGHT, LEFT, WIDTH, draw_bars
from subscriptions.tables import CountedTable
from subscriptions.templatetags.money import grouped

REPORT, ROWS = "subscriptions:incentives", "subscriptions:incentive_rows"
SERIES = "N"  # rows have no reference of their own; this letter only serves page links


@require_safe
@requires(Permission.VIEW_INCENTIVES)
def incentives(request):
    """The report: totals of each month, and the resellers of one month (``?month=2026-10``)."""
    filters = IncentiveFilter(request.GET, membership=request.membership)
    report = Report(request.membership, filters.months, filters.company)
    month = _month(request, report)
    address = partial(reverse, organization=request.membership.organization)
    kept = _kept(request)
    bars, scale = draw_bars(report.totals, _tip)
    context = {
        "filters": filters,
        "month": month,
        "months": [
            {
                "month": each,
                "url": address(REPORT, **(kept | {"month": str(each)})),
                "current": each == month,
                "cells": [(_rows_url(request, each, named), figure) for named, figure in figures],
            }
            for each, *figures in _named(report.totals)
        ],
        "lines": [
            (line, figure, _rows_url(request, month, line.mpn_id))
            for line, figure in report.of_month(month)
        ],
        "chart": {"bars": bars, "scale": scale, "width": WIDTH, "height": HEIGHT, "left": LEFT},
        "dialects": [
            (dialect.label, address("subscriptions:incentive_export", format=dialect.value, **kept))
            for dialect in Dialect
        ],
    }
    region = "subscriptions/incentive_region.html"
    return render_page(request, "subscriptions/incentives.html", context, partial=region)


@require_safe
@requires(Permission.VIEW_INCENTIVES)
def incentive_rows(request):
    """The subscriptions behind one number: of ``?month=``, with ``?mpn_id=`` or ``none``."""
    filters = IncentiveFilter(request.GET, membership=request.membership)
    report = Report(request.membership, filters.recent, filters.company)
    month, mpn_id = _month(request, report), request.GET.get("mpn_id", "")
    rows = report.rows(month, mpn_id or None).select_related("subscription__customer")
    page = Page(request, CountedTable, rows, series=SERIES)
    context = {
        "page": page,
        "month": month,
        "heading": _heading(mpn_id),
        "row_template": "subscriptions/counted_rows.html",
        "caption": _("Subscriptions that were counted"),
        "count_text": _subscriptions_text(page.count),
        "empty": {"heading": _("No subscription was counted")},
        "back_url": reverse(
            REPORT, organization=request.membership.organization, **_kept(request), month=str(month)
        ),
    }
    region = "components/table_region.html"
    return render_page(request, "subscriptions/incentive_rows.html", context, partial=region)


@require_safe
@requires(Permission.VIEW_INCENTIVES)
@reauthenticated(gives_file=True)
def incentive_export(request):
    """The figures of every month and MPN ID as a file."""
    filters = IncentiveFilter(request.GET, membership=request.membership)
    report = Report(request.membership, filters.months, filters.company)
    header = [_("Month"), _("Indirect reseller"), _("MPN ID"), _("Subscriptions"), _("Licenses")]
    first, last = report.months[0], report.months[-1]
    return csv_response(
        (
            [str(month), line.name or _("No indirect reseller"), _number(line.mpn_id), *figure]
            for month in report.months
            for line, figure in report.of_month(month)
        ),
        header=header,
        dialect=chosen_dialect(request.GET.get("format", "")),
        name=file_name(request.membership.organization.slug, "incentives", first, last),
    )


def _month(request, report):
    """The month of the address if the report has it, else its last one."""
    named = {str(month): month for month in report.months}
    return named.get(request.GET.get("month"), report.months[-1])


def _kept(request):
    names = ("since", "until", "reseller")
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _named(totals):
    """The two Figures of each month, each with the word that leads to its rows."""
    return [(month, (ANYBODY, named), (NOBODY, nobody)) for month, named, nobody in totals]


def _rows_url(request, month, mpn_id):
    organization = request.membership.organization
    return reverse(
        ROWS, organization=organization, **_kept(request), month=str(month), mpn_id=mpn_id
    )


def _heading(mpn_id):
    if mpn_id == NOBODY:
        return _("No indirect reseller")
    if mpn_id in ("", ANYBODY):
        return _("All indirect resellers")
    account = MpnAccount.objects.select_related("organization").filter(mpn_id=mpn_id).first()
    if account is None:
        raise Http404
    return f"{account.organization.name} · {mpn_id}"


def _number(mpn_id):
    return "" if mpn_id == NOBODY else mpn_id


def _tip(month, named, nobody):
    words = _("%(month)s: %(named)s licenses with a reseller, %(nobody)s without")
    numbers = {"named": grouped(named.licenses), "nobody": grouped(nobody.licenses)}
    return words % {"month": month.words, **numbers}


def _subscriptions_text(number):
    words = ngettext("%(number)d subscription", "%(number)d subscriptions", number)
    return words % {"number": number}
