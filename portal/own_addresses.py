"""Whose web and email addresses a text holds that the portal sends: ours, the senders', others'.

A stranger's company may enrol and write to anybody under the portal's name. So the texts it has
sent from here lead nowhere but to the portal and to the company itself, as the operator knows it.
Where two companies ask together, to either.
"""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from portal.free_mail import is_free_mail
from portal.text import find_links

HIDDEN = re.compile(r"://|www\.", re.IGNORECASE)  # a second address inside the first
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?://)?", re.IGNORECASE)


def refusal(text, *companies):
    """Why ``text`` can't be sent for ``companies``, naming the address; empty when it can."""
    found = foreign_addresses(text, *companies)
    words = _(
        "The address “%(address)s” can't be in it. What the portal sends may only lead to the "
        "portal and to your company's own website and email addresses."
    )
    return words % {"address": found[0]} if found else ""


def foreign_addresses(text, *companies):
    """The addresses in ``text`` that belong to neither the portal nor ``companies``, as typed."""
    own = [_own(company) for company in companies]
    hosts = {host for hosts, _mailboxes in own for host in hosts}
    mailboxes = {mailbox for _hosts, mailboxes in own for mailbox in mailboxes}
    return [
        address
        for address in find_links(text)
        if not (_is_at(hosts, address) or address.lower().rstrip(".") in mailboxes)
    ]


def _own(company):
    """The hosts that may be named, and the single mailboxes at hosts that everybody shares."""
    profile = getattr(company, "partner", None)
    email, website = (profile.email.lower(), profile.website) if profile else ("", "")
    hosts = {urlsplit(settings.PUBLIC_URL).hostname, _plain(urlsplit(website).hostname)}
    if not is_free_mail(email):
        hosts.add(email.rpartition("@")[2])
    return hosts - {"", None}, {email} - {""}


def _is_at(hosts, address):
    """Whether ``address`` opens a page of one of ``hosts``, whatever else it looks like."""
    rest = SCHEME.sub("", address)
    authority, *path = re.split(r"[/\\?#]", rest, maxsplit=1)
    host = authority.rpartition("@")[2].partition(":")[0].lower().strip(".,;!)\"'>”“")
    inside = any(host == own or host.endswith(f".{own}") for own in hosts)
    return inside and not HIDDEN.search("".join(path))


def _plain(host):
    return host.removeprefix("www.") if host else ""
