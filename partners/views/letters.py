"""*Email texts*: a provider's own text of the partnership request, and how its requests live."""

from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from partners import letter_texts, services, wording
from partners.forms.letters import LetterForm, LetterTestForm, RequestSettingsForm, SeenForm
from partners.limits import LimitReached
from partners.models import PartnerProfile
from partners.services.letters import Overtaken
from portal.accounts.decorators import requires
from portal.accounts.roles import Permission
from portal.htmx import render_form, wants_partial
from portal.letters import paragraphs
from portal.links import redirect_to


@require_safe
@requires(Permission.EDIT_LETTERS)
def letter_list(request):
    """The texts in both languages and the settings of requests."""
    organization = request.membership.organization
    profile = getattr(organization, "partner", None) or PartnerProfile(organization=organization)
    known = {"days": profile.invitation_days, "remind": profile.remind_automatically}
    return _list(request, RequestSettingsForm(initial=known))


@requires(Permission.EDIT_LETTERS)
def request_settings(request):
    """The life of a link, and automatic reminders."""
    if request.method != "POST":
        return redirect_to(request, "partners:letter_list")
    form = RequestSettingsForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    services.change_request_settings(actor=request.membership, **form.cleaned_data)
    messages.success(request, _("The settings of partnership requests are saved."))
    return redirect_to(request, "partners:letter_list")


@requires(Permission.EDIT_LETTERS)
def letter_edit(request):
    """One text: the button *Save* keeps it, any other shows what it would look like."""
    typed = request.POST if request.method == "POST" else None
    language = _language(typed or request.GET)
    form = LetterForm(typed, provider=request.membership.organization, language=language)
    if form.is_valid() and typed.get("action") == "save":
        return _save(request, form)
    return _editor(request, language, form)


@require_POST
@requires(Permission.EDIT_LETTERS)
def letter_test(request):
    """*Send me a test*: the text as it was last saved."""
    form, address = LetterTestForm(request.POST), request.membership.user.email
    if not form.is_valid():
        return _outdated(request)
    if not address:
        messages.error(request, _("Your account has no email address."))
        return _back(request, form)
    try:
        services.send_letter_test(actor=request.membership, **form.cleaned_data)
        messages.success(request, _("A test is on its way to %s.") % address)
    except LimitReached as reached:
        messages.error(request, reached.reason)
    return _back(request, form)


@require_POST
@requires(Permission.EDIT_LETTERS)
def letter_remove(request):
    """*Use the standard text*: the provider's own one is deleted."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        return _outdated(request)
    try:
        services.remove_letter(actor=request.membership, **form.cleaned_data)
        messages.success(request, _("New requests start with the standard text."))
    except Overtaken:
        messages.error(request, _("A colleague has just changed this text. Look at it first."))
    return _back(request, form)


def _language(query):
    """The language asked for; the first one where that is none."""
    asked = query.get("language")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGES[0][0]


def _back(request, form):
    language = form.cleaned_data["language"]
    return redirect_to(request, "partners:letter_edit", language=language)


def _outdated(request):
    messages.error(request, _("Load the page again."))
    return redirect_to(request, "partners:letter_list")


def _list(request, form):
    provider = request.membership.organization
    texts = [
        {"language": code, "name": name, "own": letter_texts.own_text(provider, code)}
        for code, name in settings.LANGUAGES
    ]
    return render_form(request, "partners/letter_list.html", {"texts": texts, "form": form})


def _save(request, form):
    try:
        services.save_letter(actor=request.membership, **form.cleaned_data)
    except Overtaken as overtaken:
        return _overtaken(request, form, overtaken.current)
    messages.success(request, _("The text is saved. New requests start with it."))
    return _back(request, form)


def _overtaken(request, form, current):
    """Tell who was faster and keep what was typed; a second *Save* knows what it replaces."""
    language = form.cleaned_data["language"]
    if current:
        words = _("%(name)s has changed this text in the meantime. Save again to replace theirs.")
        words %= {"name": current.changed_by}
    else:
        words = _("A colleague went back to the standard text. Save again to keep yours.")
    form.add_error(None, words)
    form.data = form.data.copy()
    form.data["seen"] = current.changed_at.isoformat() if current else ""
    return _editor(request, language, form, theirs=current)


def _editor(request, language, form, theirs=None):
    """The whole page, or with htmx the preview alone."""
    with override(language):
        example = wording.example_letter(form.letter, request.membership)
    context = {
        "form": form,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "theirs": theirs,
        "placeholders": [
            {"name": f"{{{name}}}", "meaning": words, "required": name in letter_texts.REQUIRED}
            for name, words in letter_texts.PLACEHOLDERS.items()
        ],
        "example": example,
        "paragraphs": paragraphs(example.body),
        "test": LetterTestForm(initial={"submission": uuid4(), "language": language}),
    }
    if request.method == "POST" and wants_partial(request):
        return render(request, "partners/letter_preview.html", context)
    return render_form(request, "partners/letter_edit.html", context)
