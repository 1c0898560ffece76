"""The German of the portal is complete, whole and in its own words."""

import ast
import gettext
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import override

from devstack.messages import FOLDERS, KEYWORDS, PACKAGES, collect, places, update
from portal.audit.actions import ACTIONS

PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sdr]|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")
# To address somebody as a friend, and the words that are called something else here.
STRANGE_WORDS = re.compile(r"\b(du|dich|dir|dein\w*|passw[oö]rt\w*|wiederverkäufer\w*)\b", re.I)

# The labels that people know from the manual, in both languages.
LABELS = {
    "Indirect resellers": "Indirekte Vertriebspartner",
    "Request a partnership": "Partnerschaft anfordern",
    "Open in email": "In E-Mail öffnen",
    "Copy to clipboard": "In Zwischenablage kopieren",
    "Done": "Fertig",
    "Remove partnership": "Partnerschaft entfernen",
    "Yes, remove partnership": "Ja, Partnerschaft entfernen",
    "Add new customer": "Neuen Kunden hinzufügen",
    "New customer": "Neuer Kunde",
    "Account info": "Kontoinformationen",
    "Next: Subscriptions": "Weiter: Abonnements",
    "New subscription": "Neues Abonnement",
    "Next: Review": "Weiter: Überprüfen",
    "Review": "Überprüfung",
    "Submit": "Übermitteln",
    "Cancel": "Abbrechen",
    "Confirmation": "Bestätigung",
    "Setup info": "Einrichtungsinfos",
    "Customers": "Kunden",
    "Subscriptions": "Abonnements",
    "Add subscription": "Abonnement hinzufügen",
    "Reseller (MPN ID)": "Reseller (MPN-ID)",
    "Designated support contact": "Designierter Supportkontakt",
    "Filter by indirect reseller": "Nach indirektem Vertriebspartner filtern",
    "Indirect providers": "Indirekte Anbieter",
    "Authorize indirect provider": "Indirekten Anbieter autorisieren",
    "View customers": "Kunden anzeigen",
    "Account settings": "Kontoeinstellungen",
    "Activity log": "Aktivitätsprotokoll",
    "Global admin": "Globaler Administrator",
    "User admin": "Benutzeradministrator",
    "Admin agent": "Administrator-Agent",
    "Sales agent": "Vertriebsbeauftragter",
    "Partner Location Account": "Partnerstandortkonto",
    "Delegated admin privileges": "Delegierte Administratorrechte",
}


@pytest.fixture(scope="module")
def root(request):
    return request.config.rootpath


@pytest.fixture(scope="module")
def sources(root):
    """Every text in the sources as it is now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return {key(message): message for message in collect() if message.id}


@pytest.fixture(scope="module")
def german(root):
    return {key(message): message for message in catalogue(root, "de") if message.id}


def catalogue(root, language):
    with open(root / "locale" / language / "LC_MESSAGES" / "django.po", "rb") as file:
        return read_po(file, locale=language)


def key(message):
    first = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, first


def forms(text):
    """The singular and the plural of a text, or the text alone."""
    return (text,) if isinstance(text, str) else tuple(text)


def wording(message):
    """(English, German) of each form of a text."""
    return zip(forms(message.id), forms(message.string), strict=True)


def test_the_catalogue_is_up_to_date(sources, german):
    ours = {name for name, message in german.items() if places(message) - PACKAGES}
    assert ours == set(sources), "run: make messages"


def test_no_text_hides_behind_another_name_of_gettext(root):
    for folder in FOLDERS:
        for path in (root / folder).rglob("*.py"):
            names = re.findall(r"\b\w*gettext\w* as (\w+)", path.read_text())
            assert set(names) <= set(KEYWORDS), path


def test_every_text_is_translated(german):
    for message in german.values():
        assert not message.fuzzy, message.id
        assert all(forms(message.string)), f"not translated: {message.id}"
        assert len(forms(message.id)) == len(forms(message.string)), f"plural of {message.id}"


@pytest.mark.parametrize("part", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_nothing_is_lost_in_a_translation(german, part):
    for message in german.values():
        for english, words in wording(message):
            assert Counter(part.findall(words)) == Counter(part.findall(english)), english


def test_spaces_at_the_ends_and_ellipses_are_kept(german):
    for message in german.values():
        for english, words in wording(message):
            assert words[:1].isspace() == english[:1].isspace(), english
            assert words[-1:].isspace() == english[-1:].isspace(), english
            assert english.endswith("…") == words.endswith("\u00a0…"), english


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_the_known_one(sources, german, label):
    assert (None, label) in sources
    assert german[None, label].string == LABELS[label]


def test_people_are_addressed_politely_and_things_have_one_name(german):
    for message in german.values():
        for _english, words in wording(message):
            assert not STRANGE_WORDS.search(words), words
            assert "!" not in words, words


def test_quotation_marks_are_german(german):
    for message in german.values():
        for english, words in wording(message):
            text = TAG.sub("", words)
            assert not re.search("[\"”‘’']", text), words
            assert text.count("„") == text.count("“") >= english.count("“"), words


def test_a_number_keeps_its_unit(german):
    unit = re.compile(r"(\d|\)s) (Monat|Jahr|Tag|Uhr|Minute|Stunde)")
    for message in german.values():
        for _english, words in wording(message):
            assert not unit.search(words), words


@pytest.mark.parametrize("action", ACTIONS)
def test_what_somebody_did_is_a_sentence_after_the_name(german, action):
    with override("en"):
        english = str(ACTIONS[action])
    assert re.match(r"(hat .+|konnte .+ nicht \w+)$", german[None, english].string)


def test_what_english_words_anew_is_worded_anew_in_german(root, german):
    for message in catalogue(root, "en"):
        if message.id:
            assert german[key(message)].string, message.id


def test_the_catalogue_compiles(root):
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(root, "de"))
    compiled.seek(0)
    texts = gettext.GNUTranslations(compiled)
    assert texts.gettext("New customer") == "Neuer Kunde"
    words = [texts.ngettext("%(count)s customer", "%(count)s customers", n) for n in (0, 1, 2)]
    assert words == ["%(count)s Kunden", "%(count)s Kunde", "%(count)s Kunden"]


@pytest.mark.parametrize(("language", "left"), [("de", {"Go", "Stay"}), ("en", {"Stay"})])
def test_collecting_keeps_what_other_packages_say(tmp_path, language, left):
    """... and drops what no source says any more; English needs no words of its own."""
    path = tmp_path / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    before = Catalog(language)
    before.add("Stay", "bleibt", locations=[("allauth", None)])
    before.add("Gone", "weg", locations=[("templates/gone.html", 1)])
    with path.open("wb") as file:
        write_po(file, before)
    found = Catalog()
    found.add("Go", locations=[("templates/go.html", 1)])
    after = update(path, found)
    assert {message.id for message in after if message.id} == left
    assert after["Stay"].string == "bleibt"


def test_no_text_hides_in_an_f_string():
    """Nobody collects what is marked inside one: it would stay English."""
    hidden = [
        f"{path}: {ast.unparse(call)}"
        for folder in FOLDERS
        for path in Path(folder).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_"
        if isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
