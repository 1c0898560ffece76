from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.htmx import render_form
from portal.notices import services
from portal.notices.forms import TopicsForm


def notifications(request):
    """*Notifications*: which mails the person at the screen wants, in all their organizations."""
    form = TopicsForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        services.choose_topics(request.user, form.cleaned_data["topics"])
        messages.success(request, _("Your choice is saved."))
        return redirect("notifications")
    return render_form(request, "notices/notifications.html", {"form": form})
