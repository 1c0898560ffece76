"""What a machine can say about an enrolment, for the operator who decides."""

from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from partners.models import Enrolment, MpnAccount, PartnerProfile, region_of
from portal.free_mail import is_free_mail
from portal.names import name_doubts, plain_name

OK, LOOK, BAD = "ok", "look", "bad"
ALIKE = 0.88  # how alike two names are at least to be mentioned; 1 is the same
MOST_NAMES = 3


class Check(NamedTuple):
    """``verdict`` is ok, look (a person has to judge) or bad (stands in the way)."""

    label: str
    verdict: str
    text: str


def checks_of(enrolment):
    """Every Check of this enrolment, in the order in which its facts are shown."""
    return [
        *_names(enrolment),
        _region(enrolment),
        *_mail(enrolment),
        *_numbers(enrolment),
        _agreement(enrolment),
    ]


def _names(enrolment):
    alike = _companies_called(enrolment.name)
    yield (
        Check(_("Company name"), LOOK, _("Much like: %(names)s") % {"names": "; ".join(alike)})
        if alike
        else Check(_("Company name"), OK, _("No company of this name yet."))
    )
    for doubt in name_doubts(enrolment.name):
        yield Check(_("Company name"), LOOK, doubt)


def _companies_called(name):
    """Names of enrolled companies that differ little or only in their legal form."""
    known = PartnerProfile.objects.values_list("organization__name", flat=True).order_by("name_key")
    compare = SequenceMatcher(b=plain_name(name))
    return list(islice((other for other in known if _is_alike(compare, other)), MOST_NAMES))


def _is_alike(compare, name):
    compare.set_seq1(plain_name(name))
    # The first two are upper limits of the third, and quick.
    ratios = (compare.real_quick_ratio, compare.quick_ratio, compare.ratio)
    return all(ratio() >= ALIKE for ratio in ratios)


def _region(enrolment):
    region, label = region_of(enrolment.country), _("Sales region")
    if not region:
        return Check(label, BAD, _("Nothing is sold in this country."))
    asking = enrolment.request.provider if enrolment.request else None
    if asking and region_of(asking.country) != region:
        words = _("%(region)s; %(name)s, who invited them, is in %(other)s.")
        names = {"region": region, "name": asking.name, "other": region_of(asking.country)}
        return Check(label, LOOK, words % names)
    return Check(label, OK, region)


def _mail(enrolment):
    label, domain = _("Email address"), enrolment.email.rpartition("@")[2]
    if not enrolment.email_confirmed_at:
        yield Check(label, BAD, _("Not confirmed."))
    if is_free_mail(enrolment.email):
        yield Check(label, BAD, _("A web-mail address."))
    site = (urlsplit(enrolment.website).hostname or "").removeprefix("www.")
    if not site:
        yield Check(label, LOOK, _("No website to compare with %(domain)s.") % {"domain": domain})
    elif domain == site or domain.endswith(f".{site}"):
        yield Check(label, OK, _("Same domain as the website: %(domain)s.") % {"domain": domain})
    else:
        names = {"domain": domain, "site": site}
        words = _("Its domain %(domain)s is not the website's, %(site)s.")
        yield Check(label, LOOK, words % names)


def _numbers(enrolment):
    labels = ((_("Location MPN ID"), "mpn_id"), (_("Global MPN ID"), "global_mpn_id"))
    return [
        _number(enrolment, label, getattr(enrolment, name))
        for label, name in labels
        if getattr(enrolment, name)
    ]


def _number(enrolment, label, number):
    owner = MpnAccount.objects.filter(mpn_id=number).select_related("organization").first()
    if owner:
        words = _("Registered for %(name)s.") % {"name": owner.organization.name}
        return Check(label, OK if owner.organization_id == enrolment.company_id else BAD, words)
    others = Enrolment.objects.under_way().exclude(pk=enrolment.pk)
    other = others.filter(mpn_id=number).first()
    if other:
        return Check(label, LOOK, _("Also in the enrolment of %(name)s.") % {"name": other})
    return Check(label, OK, _("Free."))


def _agreement(enrolment):
    label = _("Partner agreement")
    if not enrolment.agreement_accepted_at:
        return Check(label, LOOK, _("Not accepted yet; no business is done before."))
    return Check(label, OK, _("Accepted, version %s") % enrolment.agreement_version)
