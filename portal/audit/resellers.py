"""The resellers whose entries a reader may pick out: named by the app that knows partnerships."""

_sources = []


def names_resellers(source):
    """Decorator: ``source(membership)`` gives names of resellers by their organizations' ids."""
    _sources.append(source)
    return source


def resellers_for(membership):
    """The names of all of them, by their ids; empty for those who have none."""
    return {pk: name for source in _sources for pk, name in source(membership).items()}
