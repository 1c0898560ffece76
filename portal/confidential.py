"""Pages whose address is a secret."""

from functools import wraps


def confidential(view):
    """The address is a secret: it is neither kept, nor indexed, nor told to the next page.

    Not ``no-referrer``: browsers then post forms with the origin "null", and no form of the page
    would get past the protection against forged requests. This policy sends the bare origin.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapper
