"""What keeps the stylesheets small, layered and free of stray values."""

import re

from tests.look.oklch import STYLES

LAYERS = ["reset", "tokens", "base", "layout", "components", "pages", "utilities", "print"]
# Uncompressed; 34 kB since long words, printing and the sticky order have rules of their own.
BUDGET = 34 * 1024
LONGEST_FILE = 200
RAW_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|\b(?:white|black|red|gr[ae]y)\b(?!-)",
    re.IGNORECASE,
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def sheets():
    return {path.name: path.read_text() for path in sorted(STYLES.glob("**/*.css"))}


def fallback():
    """Return {name: (r, g, b)} of the hex values for browsers without light-dark()."""
    block = sheets()["tokens.css"].split("@supports not", 1)[1]
    return {
        name: tuple(bytes.fromhex(value))
        for name, value in re.findall(r"--([a-z-]+): #([0-9a-f]{6})", block)
    }


def test_all_together_stay_small():
    assert sum(len(text.encode()) for text in sheets().values()) <= BUDGET


def test_no_file_is_long():
    assert {name for name, text in sheets().items() if text.count("\n") > LONGEST_FILE} == set()


def test_only_the_tokens_name_colours():
    for name, text in sheets().items():
        if name != "tokens.css":
            assert RAW_COLOUR.findall(COMMENT.sub("", text)) == [], name


def test_every_token_that_is_used_exists():
    everything = "\n".join(sheets().values())
    defined = set(re.findall(r"(--[a-z0-9-]+):", everything))
    # A name with a fallback is an offer to variants; without one it must exist.
    needed = set(re.findall(r"var\((--[a-z0-9-]+)\)", everything))
    assert needed - defined == set()


def test_tokens_declare_the_order_of_the_layers_first():
    first = COMMENT.sub("", sheets()["tokens.css"]).strip().splitlines()[0]
    assert first == f"@layer {', '.join(LAYERS)};"


def test_everything_stands_in_a_known_layer():
    for name, text in sheets().items():
        text = COMMENT.sub("", text)
        assert set(re.findall(r"^@layer (\w+) \{", text, re.MULTILINE)) <= set(LAYERS), name
        assert outside_of_blocks(text) == [], name


def outside_of_blocks(text):
    """Return the rules that stand in no layer."""
    depth, head, heads = 0, "", []
    for character in text:
        if character == "{":
            if depth == 0:
                heads.append(head.strip())
            depth, head = depth + 1, ""
        elif character == "}":
            depth, head = depth - 1, ""
        elif character == ";" and depth == 0:
            head = ""
        else:
            head += character
    return [head for head in heads if not head.startswith("@layer ")]


def test_important_only_where_it_must_win():
    for name, text in sheets().items():
        if name != "utilities.css":
            assert "!important" not in text, name
