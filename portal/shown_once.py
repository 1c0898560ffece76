"""Secrets that are shown once, in the very session in which somebody asked for them."""

MOST_OPEN = 20  # a session need not remember more rows than a day's work


def allow(request, key, pk):
    """Let this session, and no other, see the secret of row ``pk``; ``key`` says which kind."""
    allowed = [known for known in request.session.get(key, ()) if known != pk]
    request.session[key] = [*allowed, pk][-MOST_OPEN:]


def is_allowed(request, key, pk):
    """Whether ``allow`` was called for the same in this session, and not too long ago."""
    return pk in request.session.get(key, ())
