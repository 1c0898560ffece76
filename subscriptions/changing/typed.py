"""What was typed into the form while somebody else changed the subscription."""

from django.utils.translation import gettext as _


class Typed:
    """For SubscriptionForm: tells one's own changes from somebody else's.

    Each field carries along what it was when the page was opened (``show_hidden_initial``).
    """

    @property
    def is_stale(self):
        """Whether the subscription has changed since the page was opened."""
        return self.data.get("version", "") != str(self.subscription.version)

    @property
    def carried(self):
        """All that was typed and what the page was opened with: pairs of name and value."""
        names = [self.add_prefix(name) for name in self.fields]
        names += [self.add_initial_prefix(name) for name in self.fields]
        return [(name, self.data[name]) for name in names if name in self.data]

    def rebased(self, why):
        """The same input on top of what the subscription is now; ``why``: a sentence per conflict.

        What was not touched takes the new value; what was is kept and, where it changed on the
        other side too, marked with ``why(value)``.
        """
        now = self.values_now()
        mine, data = set(self.changed_data), self.data.copy()
        conflicts = [
            name for name in now if name in mine and self._opened_with(name) != str(now[name])
        ]
        for name in set(now) & set(self.fields):
            data[self.add_initial_prefix(name)] = now[name]
            data[name] = self.data.get(name, "") if name in mine - {"version"} else now[name]
        form = type(self)(data, subscription=self.subscription, membership=self.membership)
        form.full_clean()
        for name in set(conflicts) & set(form.fields) - {"version"}:
            form.add_error(name, why(form.words(name, now[name])))
        return form

    def words(self, name, value):
        """A value as people read it: a choice by its words, a tick as yes or no."""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)

    def _opened_with(self, name):
        return self.data.get(self.add_initial_prefix(name), "")
