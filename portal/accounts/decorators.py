from functools import partial, wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404

from portal.accounts import confirmation
from portal.accounts.roles import roles_with


class Forbidden(PermissionDenied):
    """A colleague without the right; the 403 page names those who have it.

    ``sentence`` says what was wanted where the permission alone would not.
    """

    def __init__(self, permission, sentence=""):
        super().__init__(permission)
        self.permission, self.sentence = permission, sentence


def requires(permission, *, or_if=None):
    """Refuse the request unless the current membership holds ``permission``.

    ``or_if``, called with the request and what its address is about, may let others in, too.

    A page that no role of this kind of organization may open does not exist there (404).
    """

    def decorator(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            membership = request.membership
            exempt = or_if and or_if(request, *args, **kwargs)
            if not (exempt or membership.can(permission)):
                if not roles_with(membership.organization.kind, permission):
                    raise Http404
                raise Forbidden(permission)
            return view(request, *args, **kwargs)

        wrapper.permission = permission
        return wrapper

    return decorator


def reauthenticated(view=None, *, gives_file=False):
    """Refuse a sensitive action to whoever has not signed in or confirmed it a short while ago.

    They are asked for their password or second factor and come back: see
    ``portal.accounts.confirmation``. Stands below ``@requires``, so that nobody is asked in vain.
    """
    if view is None:
        return partial(reauthenticated, gives_file=gives_file)

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not confirmation.is_confirmed(request):
            return confirmation.ask(request, gives_file=gives_file)
        return view(request, *args, **kwargs)

    wrapper.is_sensitive = True
    return wrapper
