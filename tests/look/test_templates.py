"""What the strict Content-Security-Policy and the component rules ask of every template."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Mails need their styles inline; no browser page is among them.
PAGES = [path for path in sorted(ROOT.glob("templates/**/*.html")) if "emails" not in path.parts]
DJANGO = [path for path in PAGES if "jinja" not in path.parts]
COMPONENTS = [path for path in PAGES if path.parent.name == "components"]
INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event handler": re.compile(r"\s(?:on[a-z]+|hx-on[a-z:.-]*)\s*=", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE
    ),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "an evaluated htmx value": re.compile(r"hx-(?:vals|headers|vars)\s*=\s*.js:", re.IGNORECASE),
    "a dead link": re.compile(r"href=\"#\""),
}
INPUTS = re.compile(r"^\{# (?P<name>[a-z_]+\.html)\b.* #\}")
INCLUDE = re.compile(r"\{% include \"components/(?P<name>[a-z_]+)\.html\"(?P<rest>[^%]*)%\}")
DRAW = re.compile(r"\{% draw \"components/(?P<name>[a-z_]+)\.html\" %\}")
# The rows of a region belong to the page, so it knows what the page knows; the others show none.
WITHOUT_INPUTS = {"table_region", "saved_tabs", "head", "mark"}
# Parts of the shell and of other components; no page includes them.
PRIVATE = re.compile(
    "field_hint|filter_field|form_errors|head|languages|mark|switcher|themes|user_menu"
)


def offenders(paths, is_wrong):
    return [str(path.relative_to(ROOT)) for path in paths if is_wrong(path)]


@pytest.mark.parametrize("what", INLINE)
def test_no_template_has(what):
    assert offenders(PAGES, lambda path: INLINE[what].search(path.read_text())) == []


def test_component_begins_with_its_inputs():
    def is_wrong(path):
        first = INPUTS.match(path.read_text().splitlines()[0])
        return not first or first["name"] != path.name

    assert offenders(COMPONENTS, is_wrong) == []


def test_components_see_only_what_they_are_given():
    def is_wrong(path):
        text = path.read_text()
        included = (include["rest"].rstrip() for include in INCLUDE.finditer(text))
        drawn = {draw["name"] for draw in DRAW.finditer(text)}
        return not all(rest.endswith("only") for rest in included) or drawn - WITHOUT_INPUTS

    assert offenders(DJANGO, is_wrong) == []


def test_component_is_documented():
    documented = (ROOT / "docs" / "components.md").read_text()
    public = [path for path in COMPONENTS if not PRIVATE.fullmatch(path.stem)]
    assert offenders(public, lambda path: path.name not in documented) == []


def test_what_is_fetched_has_an_address_without_script():
    """An htmx link or form works without htmx."""

    def is_wrong(path):
        tags = re.findall(r"<(?:a|form)\b[^>]*\bhx-(?:get|post)=[^>]*>", path.read_text())
        return any(not re.search(r"\b(?:href|action)=", tag) for tag in tags)

    assert offenders(PAGES, is_wrong) == []
