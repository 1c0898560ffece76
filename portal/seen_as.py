"""As whom a page was drawn: what its forms send is done as nobody else.

An operator who looks as somebody else may still have their own pages open in another tab, or those
of somebody they looked at before. Forms and htmx name the person their page was drawn for, and
``portal.impersonation.middleware`` refuses those that name another one than the request acts as.
One's own pages name nobody.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.http import UnreadablePostError
from django.utils.html import format_html
from django.utils.safestring import SafeString

FIELD, HEADER = "seen_as", "X-Seen-As"

_person = ContextVar("seen_as", default="")


@contextmanager
def drawn_for(person):
    """Pages that are drawn in this block are those of ``person``, a User who does not sit there."""
    token = _person.set(str(person.pk))
    try:
        yield
    finally:
        _person.reset(token)


def drawn_as():
    """The id of the person pages are drawn for now, as text; empty: for whoever sits there."""
    return _person.get()


def sent_as(request):
    """The id, as text, that the page named from which the request was sent."""
    try:
        return request.POST.get(FIELD, request.headers.get(HEADER, ""))
    except UnreadablePostError:  # they hung up: the check for forgeries says so next
        return ""


def token_inputs(token):
    """The hidden inputs of every form: its protection against forgery, and whose page it is on."""
    protection = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
    return protection + hidden_input()


def hidden_input():
    """The input that names the person; nothing on one's own pages."""
    if not drawn_as():
        return SafeString()
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, drawn_as())
