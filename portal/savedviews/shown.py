"""The saved views of the list a request is about, and how its address stands to them.

They ride along with the rows of the list's page, in the same statement; only a page without rows
asks for them alone.
"""

import json
from functools import cached_property, wraps

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Exists, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.http import HttpResponseRedirect
from django.utils.http import urlencode

from portal.htmx import wants_partial
from portal.links import reverse
from portal.queries import read, same, tidy
from portal.references import encode
from portal.savedviews.lists import LISTS
from portal.savedviews.models import SavedView, StartView

MOST_TABS = 7
EVERYTHING = "all"  # ``?view=all``: the list itself, for those who begin with a view


def saves_views(list_name):
    """A list page that knows its saved views, as ``request.saved_views``.

    An address without any query leads to the view the visitor begins with. Whether there is one
    shows only with the rows, so that everybody else pays no query for it.
    """

    def decorator(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            request.saved_views = saved = SavedViews(request, list_name)
            response = view(request, *args, **kwargs)
            begins = not request.GET and not wants_partial(request) and response.status_code == 200
            return HttpResponseRedirect(saved.start["url"]) if begins and saved.start else response

        return wrapper

    return decorator


class SavedViews:
    """What the tabs and the line above the rows need."""

    def __init__(self, request, list_name):
        self.membership, self.query, self.list = request.membership, request.GET, list_name
        self.path = reverse(LISTS[list_name], organization=request.membership.organization)
        self.text = None  # as the rows brought it

    @property
    def expression(self):
        """All views of the list as one text, for ``annotate``."""
        starts = StartView.objects.visible_to(self.membership).filter(view=OuterRef("pk"))
        views = SavedView.objects.visible_to(self.membership).filter(list=self.list).order_by()
        facts = JSONObject(
            pk="pk",
            name="name",
            query="query",
            owner="owner",
            by=Concat("owner__first_name", Value(" "), "owner__last_name"),
            shared="is_shared",
            start=Exists(starts),
        )
        together = views.values("list").annotate(all=JSONBAgg(facts, order_by="name"))
        text = together.annotate(text=Cast("all", TextField())).values("text")
        return Subquery(text, output_field=TextField())

    def board(self, rows):
        """Take over what the rows of the page have brought along."""
        if rows:
            self.text = rows[0].saved_views or "[]"

    @cached_property
    def all(self):
        """A dictionary for each: name, query, url, is_current, is_own, by, shared, start."""
        if self.text is None:
            self.text = self._alone()
        return [self._drawn(view) for view in json.loads(self.text)]

    @property
    def tabs(self):
        """The first views; the one that is open is always among them."""
        first = self.all[:MOST_TABS]
        more = [view for view in self.all[MOST_TABS:] if view["is_current"]]
        return [*first[: MOST_TABS - len(more)], *more]

    @property
    def more(self):
        shown = self.tabs
        return [view for view in self.all if view not in shown]

    @cached_property
    def current(self):
        """The view the address names, or None."""
        return next((view for view in self.all if view["is_current"]), None)

    @cached_property
    def start(self):
        """The view with which the list begins for this person, or None."""
        return next((view for view in self.all if view["start"]), None)

    @property
    def is_changed(self):
        """Whether the list shows something else than the view it came from."""
        return bool(self.current) and not same(read(self.current["query"]), self.query)

    @property
    def now(self):
        """What the list shows, as a query that can be kept; empty for the list itself."""
        kept = self.query.copy()
        if kept.get("view") == EVERYTHING:
            del kept["view"]
        return tidy(kept)

    @property
    def kept(self):
        """Hidden inputs of the filter form: what filters must not lose."""
        names = ("sort", "per", "saved")
        return [{"name": name, "value": self.query.get(name, "")} for name in names]

    @property
    def everything_url(self):
        """The list itself."""
        return f"{self.path}?view={EVERYTHING}" if self.start else self.path

    @property
    def save_url(self):
        """*Save as view…* with what the list shows now."""
        name, organization = "savedviews:view_create", self.membership.organization
        return reverse(name, organization=organization, list=self.list, query=self.now)

    def _drawn(self, view):
        reference = encode("V", view["pk"])
        organization = self.membership.organization
        return view | {
            "url": view_url(self.path, view["query"], view["pk"]),
            "edit_url": reverse("savedviews:view_edit", view["pk"], organization=organization),
            "update_url": reverse("savedviews:view_update", view["pk"], organization=organization),
            "is_current": self.query.get("saved") == reference,
            "is_own": view["owner"] == self.membership.user_id,
        }

    def _alone(self):
        ours = type(self.membership.organization).objects.filter(pk=self.membership.organization_id)
        return ours.annotate(saved_views=self.expression).values_list("saved_views")[0][0] or "[]"


def view_url(path, query, pk):
    """The address of a list that shows a view, whose filters it spells out."""
    return f"{path}?{query}&{urlencode({'saved': encode('V', pk)})}".replace("?&", "?")
