"""What can be a name: rules that refuse, and doubts that only ask to look again."""

import re

from django.utils.translation import gettext as _

from portal.text import fold

LEGAL_FORM_WORDS = """
    ab ag aps as asbl bv bvba cc co company corp corporation cv doo ead eg ek ev eirl eood
    gbr gesellschaft gmbh gug inc incorporated jsc kft kg kgaa kk lda limitada limited llc llp lp
    ltd ltda mbh nv oao ohg ood ooo oy oyj partg plc private pte pty public pvt sa sagl sarl sas
    sca scop se sia sl sll slu snc sociedad spa spz srl srls srls sro stiftung uab ug ultd und
    unlimited vof verein zoo zrt haftungsbeschränkt
"""
LEGAL_FORMS = frozenset(LEGAL_FORM_WORDS.split())
FOLDED_LEGAL_FORMS = frozenset(map(fold, LEGAL_FORMS))
TOP_LEVEL_DOMAIN = re.compile(
    r"\w\.(com|net|org|info|biz|de|at|ch|eu|io|co|uk|fr|it|nl|es)\b", re.I
)
# What mail programs turn into something to press.
LINK = re.compile(r"[a-z]://|//|\bwww\.|\bmailto:", re.I)
ONE_CHARACTER = re.compile(r"(\w)\1{2,}", re.I)
SPACED_OUT = re.compile(r"\w( \w)+", re.I)


def name_problem(name):
    """Why ``name`` can't be a company's, in words for people; empty when it can."""
    if not any(letter.isalnum() for letter in name):
        return _("The company name needs letters or digits, not only special characters.")
    if len(name) < 2:
        return _("One character is not a company name. Enter the name as in official documents.")
    if is_bare_legal_form(name):
        return _("“%(name)s” is only a legal form. Enter the whole company name.") % {"name": name}
    return ""


def has_link(text, *, domains=True):
    """Whether ``text`` would become a link in a mail, with ``domains`` also as a bare domain."""
    return bool(LINK.search(text) or (domains and TOP_LEVEL_DOMAIN.search(text)))


def plain_name(name):
    """What a company is called without its legal form, folded: to find companies twice."""
    words = re.sub(r"[^\w\s]", " ", re.sub(r"(?<=\w)\.(?=\w)", "", fold(name))).split()
    return " ".join(word for word in words if word not in FOLDED_LEGAL_FORMS)


def name_doubts(name):
    """What is unusual about ``name``: sentences that are shown but stop nobody."""
    doubts = []
    if TOP_LEVEL_DOMAIN.search(name):
        doubts.append(_("The company name looks like a web address. Is it the legal name?"))
    if ONE_CHARACTER.fullmatch(name):
        doubts.append(_("The company name repeats one character. Is it the legal name?"))
    if SPACED_OUT.fullmatch(name):
        doubts.append(_("The company name is single characters with blanks. Is it the legal name?"))
    return doubts


def is_bare_legal_form(name):
    """Whether nothing but words like GmbH & Co. KG is left of ``name``."""
    words = re.sub(r"[^\w\s]", " ", re.sub(r"(?<=\w)\.(?=\w)", "", name.casefold())).split()
    joined = "".join(words)
    return joined in LEGAL_FORMS or all(word in LEGAL_FORMS for word in words)
