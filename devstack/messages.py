"""Collects the translatable texts into ``locale/*/LC_MESSAGES/django.po`` and compiles them.

Django's own commands want GNU gettext; this wants Babel alone. Python files are Babel's business,
Jinja2 reads its own templates, Django's are turned into gettext calls by its own reader first.
"""

import ast
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

FOLDERS = ("portal", "partners", "customers", "subscriptions", "templates")
SOURCE = "en"  # the texts are English already
PACKAGES = {"allauth", "django"}
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python")]
METHODS += [("jinja/**.html", "jinja2.ext:babel_extract")]
METHODS += [(f"**.{kind}", "devstack.messages:texts_of_template") for kind in ("html", "txt")]
LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in DEFAULT_KEYWORDS if "gettext" in name}
# ``_now`` is gettext in the modules whose ``_`` is lazy.
KEYWORDS = DEFAULT_KEYWORDS | LAZY | {"gettext_noop": None, "_now": None}
HEADER = {"project": "Twotier", "version": "1", "header_comment": "# The texts of Twotier."}
HEADER |= {name: "Twotier" for name in ("last_translator", "language_team", "msgid_bugs_address")}
STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"\b(_|n?p?gettext)\(({STRING}(?:,\s*{STRING})*)", re.S)


def texts_of_template(file, keywords, comment_tags, options):
    """Babel's extraction method for a Django template: (line, function, texts, comments) each."""
    calls = templatize(file.read().decode())
    for call in CALL.finditer(calls):
        texts = [ast.literal_eval(text) for text in re.findall(STRING, call[2], re.S)]
        line = calls.count("\n", 0, call.start()) + 1
        function = call[1]
        yield line, function, (*texts, None) if function.startswith("n") else tuple(texts), []


def collect():
    """A catalogue of every text in the sources, with the files each one stands in."""
    found = Catalog()
    for folder in FOLDERS:
        texts = extract_from_dir(folder, METHODS, keywords=KEYWORDS)
        for name, line, text, comments, context in texts:
            place = f"{folder}/{name}"
            found.add(text, locations=[(place, line)], auto_comments=comments, context=context)
    return found


def update(path, found):
    """Write what is used now to the .po file ``path``, keeping its translations; return it all.

    A text of another package that is worded anew here says so by its place, ``#: allauth``. Such
    texts stay although no file of ours has them; in English there are no others.
    """
    language = path.parent.parent.name
    catalog = Catalog(language, fuzzy=False, **HEADER)
    if path.exists():
        with open(path, "rb") as file:
            catalog = read_po(file, locale=language)
    found = Catalog() if language == SOURCE else found
    found.creation_date = catalog.creation_date  # nothing changes when no text does
    reworded = [message for message in catalog if places(message) & PACKAGES]
    catalog.update(found, no_fuzzy_matching=True)
    for message in reworded:
        message.locations = [(place, None) for place in places(message) & PACKAGES]
        catalog[message.id] = message  # beside its places in our own files, if it has any
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        write_po(
            file, catalog, width=98, sort_output=True, include_lineno=False, ignore_obsolete=True
        )
    return catalog


def places(message):
    return {place for place, _ in message.locations}


def compile_catalog(path, catalog):
    with open(path.with_suffix(".mo"), "wb") as file:
        write_mo(file, catalog)


def main():
    found = collect()
    languages = sorted(Path("locale").glob("*/")) or [Path("locale/de")]
    for language in languages:
        path = language / "LC_MESSAGES" / "django.po"
        catalog = update(path, found)
        compile_catalog(path, catalog)
        missing = sum(not is_translated(message) for message in catalog if message.id)
        print(f"{language.name}: {len(catalog)} texts, {missing} not translated")


def is_translated(message):
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts)


if __name__ == "__main__":
    main()
