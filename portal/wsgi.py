import os

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

UTF_8 = {"", "utf-8", "utf8"}
django = get_wsgi_application()


def application(environ, start_response):
    """The portal speaks UTF-8 only; whoever names another encoding is told so.

    Django reads addresses and forms in whatever encoding the sender names, before any middleware,
    and some of Python's encodings fail to, or yield characters that no answer can be written with.
    """
    if _encoding(environ) in UTF_8:
        return django(environ, start_response)
    start_response("415 Unsupported Media Type", [("Content-Type", "text/plain")])
    return [b"Send this as UTF-8.\n"]


def _encoding(environ):
    """What the sender says the request is encoded in; None where that can't be understood."""
    try:
        _type, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except ValueError:
        return None
    return parameters.get("charset", "").lower()
