"""Where what happens comes from: set once for each request, written down by ``record``."""

from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address
from secrets import choice
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied

from portal.references import ALPHABET


class Origin(NamedTuple):
    """The address a request came from, what it is called, and who looked as the actor."""

    ip: str | None = None
    reference: str = ""  # of the request, to be said on the phone: "7K3Q-X2M9"
    operator_id: int | None = None


NOWHERE = Origin()
_current = ContextVar("origin", default=NOWHERE)


def current():
    """The Origin of what happens now; an empty one outside requests."""
    return _current.get()


@contextmanager
def coming_from(**changes):
    """What happens in this block has these fields of an Origin, the others as they were."""
    token = _current.set(_current.get()._replace(**changes))
    try:
        yield
    finally:
        _current.reset(token)


def new_reference():
    """Eight characters of the alphabet of references: nobody meets the same one twice."""
    text = "".join(choice(ALPHABET) for _ in range(8))
    return f"{text[:4]}-{text[4:]}"


def address_of(request):
    """The client's IP address as text, or None where what was sent as one is none."""
    try:
        address = ip_address(get_adapter(request).get_client_ip(request).partition("%")[0])
    except (PermissionDenied, ImproperlyConfigured, ValueError):
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


class OriginMiddleware:
    """Everything a request does is written down with its origin; the answer names it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reference = new_reference()
        with coming_from(ip=address_of(request), reference=reference):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = reference
        return response
