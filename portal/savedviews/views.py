from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.links import reverse
from portal.queries import read, tidy
from portal.savedviews import services
from portal.savedviews.forms import NewViewForm, QueryForm, ViewForm
from portal.savedviews.lists import LISTS
from portal.savedviews.models import SavedView, StartView
from portal.savedviews.shown import view_url

FIELDS = ("name", "is_shared", "is_start")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_HOME)
def view_create(request):
    """*Save as view…*: what a list shows gets a name."""
    membership = request.membership
    view = SavedView(organization=membership.organization, owner=membership.user)
    posted = request.POST if request.method == "POST" else None
    asked = {"list": request.GET.get("list", ""), "query": tidy(read(request.GET.get("query", "")))}
    if posted is None and asked["list"] not in LISTS:
        raise Http404
    form = NewViewForm(posted, membership=membership, view=view, initial=asked)
    if form.is_valid():
        services.save_view(view, actor=membership, **form.cleaned_data)
        messages.success(request, _("The view “%s” is saved.") % view)
        return _shown(request, view)
    known = form["list"].value()
    back = _list_url(request, known) if known in LISTS else ""
    return render_form(request, "savedviews/view_save.html", {"form": form, "back_url": back})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_HOME)
def view_edit(request, pk):
    """A view's name, who sees it, whether one's list begins with it. Others' only the last."""
    membership, view = request.membership, _view(request, pk)
    begins = StartView.objects.visible_to(membership).filter(view=view).exists()
    posted = request.POST if request.method == "POST" else None
    initial = {"name": view.name, "is_shared": view.is_shared, "is_start": begins}
    form = ViewForm(posted, membership=membership, view=view, initial=initial)
    is_own = view.owner_id == membership.user_id
    if not is_own:
        del form.fields["name"], form.fields["is_shared"]
    if form.is_valid():
        save = services.save_view if is_own else services.set_start
        save(view, actor=membership, **form.cleaned_data)
        messages.success(request, _("The view “%s” is saved.") % view)
        return _shown(request, view)
    context = {"form": form, "view": view, "is_own": is_own}
    context["back_url"] = view_url(_list_url(request, view.list), view.query, view.pk)
    return render_form(request, "savedviews/view_edit.html", context)


@require_POST
@requires(Permission.VIEW_HOME)
def view_update(request, pk):
    """*Update view*: it shows from now on what the list shows now."""
    view, form = _own(request, pk), QueryForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("These filters are too long for a view."))
        return _shown(request, view)
    services.update_query(view, form.cleaned_data["query"])
    messages.success(request, _("The view “%s” now shows these filters.") % view)
    return _shown(request, view)


@require_POST
@requires(Permission.VIEW_HOME)
def view_delete(request, pk):
    """*Delete view*: its rows stay where they are."""
    view = _own(request, pk)
    services.delete_view(view)
    messages.success(request, _("The view “%s” is deleted.") % view)
    return HttpResponseRedirect(_list_url(request, view.list))


def _view(request, pk):
    views = SavedView.objects.visible_to(request.membership).filter(list__in=LISTS)
    return get_object_or_404(views.select_related("owner"), pk=pk)


def _own(request, pk):
    return get_object_or_404(
        SavedView.objects.visible_to(request.membership).owned_by(request.membership),
        pk=pk,
        list__in=LISTS,
    )


def _shown(request, view):
    return HttpResponseRedirect(view_url(_list_url(request, view.list), view.query, view.pk))


def _list_url(request, name):
    return reverse(LISTS[name], organization=request.membership.organization)
