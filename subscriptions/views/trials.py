"""*Convert trial to paid subscription*."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form
from portal.links import redirect_to
from subscriptions import services
from subscriptions.license_rules import still_assigned
from subscriptions.models import Subscription
from subscriptions.trials import TrialForm

PAGE = "subscriptions/trial_convert.html"


@requires(Permission.PLACE_ORDER)
def trial_convert(request, pk):
    """The form, and with **Apply** the paid subscription: the same one, users and all."""
    subscriptions = Subscription.objects.visible_to(request.membership).with_partners()
    trial = get_object_or_404(subscriptions.select_related("offer"), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = TrialForm(posted, subscription=trial)
    if form.is_valid() and _converted(request, trial, form):
        messages.success(request, _("%s is a paid subscription now.") % trial.title)
        return redirect_to(request, "subscriptions:subscription_detail", pk)
    is_open = trial.offer.is_trial and trial.status == Subscription.Status.ACTIVE
    context = {"subscription": trial, "form": form, "is_open": is_open and form.offers}
    return render_form(request, PAGE, context)


def _converted(request, trial, form):
    """Whether it worked; if not, the form says why."""
    try:
        services.convert_trial(trial, actor=request.membership, **form.cleaned_data)
    except services.StillAssigned as refusal:
        form.add_error("quantity", still_assigned(refusal.subscription))
    except services.LifeRefused as refusal:
        form.add_error(refusal.field, refusal.reason)
    except services.Stale as meanwhile:
        words = _("This subscription has just been changed. Check it and select Apply again.")
        form.add_error(None, words)
        form.data = form.data.copy()
        form.data["version"] = meanwhile.subscription.version
    return form.is_valid()
