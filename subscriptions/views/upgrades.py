"""*Upgrade now*: what a subscription can become, what that means, and the upgrade itself."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.forms import PlainForm
from portal.links import redirect_to
from subscriptions import services
from subscriptions.models import Subscription
from subscriptions.upgrading import Upgrade

PAGE = "subscriptions/subscription_upgrade.html"


class UpgradeForm(PlainForm):
    """The chosen target with the price that was seen, and the version of what it is chosen for."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label=gettext_lazy("Upgrade to"),
        error_messages={
            "required": gettext_lazy("Choose what to upgrade to."),
            "invalid_choice": gettext_lazy("This offer or its price has changed. Choose again."),
        },
        widget=forms.HiddenInput,
    )

    def __init__(self, data=None, *, upgrade):
        super().__init__(data)
        open_ones = [target.offer for target in upgrade.targets if not target.refusal]
        self.offers = {choice_of(offer): offer for offer in open_ones}
        self.fields["to"].choices = [(choice, choice) for choice in self.offers]

    def clean_to(self):
        return self.offers[self.cleaned_data["to"]]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PLACE_ORDER)
def subscription_upgrade(request, pk):
    """The ways up; with ``?to=`` one of them is shown to be confirmed; a POST takes it."""
    subscriptions = Subscription.objects.visible_to(request.membership).with_partners()
    subscription = get_object_or_404(subscriptions.select_related("offer", "organization"), pk=pk)
    upgrade = Upgrade(subscription, request.membership)
    form = UpgradeForm(_asked(request, subscription), upgrade=upgrade)
    posted = request.method == "POST"
    if posted and form.is_valid() and _upgraded(request, subscription, form):
        messages.success(request, _("The subscription is %s now.") % form.cleaned_data["to"])
        return redirect_to(request, "subscriptions:subscription_detail", pk)
    context = {"subscription": subscription, "upgrade": upgrade, "form": form}
    context |= _choice(subscription, upgrade, form)
    return render(request, PAGE, context, status=422 if posted else 200)


def _asked(request, subscription):
    """What the form is about: the button's input, or the choice in the address; None without."""
    if request.method == "POST":
        return request.POST
    if "to" not in request.GET:
        return None
    return {"to": request.GET["to"], "version": subscription.version}


def _choice(subscription, upgrade, form):
    """The target to confirm with what it costs; nothing where none is chosen or none can be."""
    if upgrade.refusal or not form.is_valid():
        return {}
    offer = form.cleaned_data["to"]
    total = offer.price * subscription.quantity
    return {"chosen": offer, "choice": choice_of(offer), "total": total}


def _upgraded(request, subscription, form):
    """Whether it worked; if not, the form says why."""
    offer = form.cleaned_data["to"]
    try:
        services.upgrade_subscription(
            subscription,
            actor=request.membership,
            version=form.cleaned_data["version"],
            offer=offer,
            price=offer.price,
        )
    except services.UpgradeRefused as refusal:
        form.add_error(None, refusal.reason)
    except services.Stale:
        words = _("This subscription has just been changed. Look at it again before you upgrade.")
        form.add_error(None, words)
    return form.is_valid()


def choice_of(offer):
    """A target with its price, as an address and a form carry it."""
    return f"{offer.pk}:{offer.price}"
