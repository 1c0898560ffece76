"""Addresses. Organization pages live under ``/o/<slug>/``; this is the one place that adds it.

Their names are only known in ``portal.organization_urls``, so that Django's own ``reverse`` fails
loudly for them instead of forgetting the organization.
"""

from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse as django_reverse
from django.utils.http import url_has_allowed_host_and_scheme

PAGES = "portal.organization_urls"


def reverse(name, *args, organization, **query):
    """The path of an organization's page, with ``query`` behind it where it is not empty."""
    path = f"/o/{organization.slug}{_path(name, args)}"
    kept = {key: value for key, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


@lru_cache(maxsize=1000)  # menus ask for the same few pages on every request
def _path(name, args):
    return django_reverse(name, urlconf=PAGES, args=args)


def redirect_to(request, name, *args, **query):
    """Send the visitor on to another page of the organization the request is about."""
    organization = request.membership.organization
    return HttpResponseRedirect(reverse(name, *args, organization=organization, **query))


def redirect_back(request, name):
    """Return to the page named in ``next``, if it is one of ours, else to page ``name``."""
    url = safe_url(request, request.POST.get("next", ""))
    return HttpResponseRedirect(url) if url else redirect_to(request, name)


def safe_url(request, url):
    """``url`` if it leads to this portal, else an empty string."""
    hosts = {request.get_host()}
    secure = request.is_secure()
    is_safe = url_has_allowed_host_and_scheme(url, allowed_hosts=hosts, require_https=secure)
    return url if is_safe else ""


def public_url(path):
    """The whole address of ``path``, as it belongs into a mail."""
    return settings.PUBLIC_URL + path
