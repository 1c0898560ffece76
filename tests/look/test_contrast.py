"""Every pair of colours that meets on a page can be read, by day and by night."""

import pytest

from tests.look.oklch import contrast, tokens

TEXT, CONTROL = 4.5, 3.0
GROUNDS = ("canvas", "surface", "sunken", "hover", "selected")
MEANINGS = ("danger", "warn", "ok", "info")
PAIRS = [
    *[("ink", ground, TEXT) for ground in GROUNDS],
    *[("ink-muted", ground, TEXT) for ground in GROUNDS],
    *[("ink-faint", ground, TEXT) for ground in ("canvas", "surface", "sunken")],
    *[("accent", ground, TEXT) for ground in (*GROUNDS, "accent-tint")],
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-danger", "danger", TEXT),
    ("ink", "mark", TEXT),
    ("ink", "accent-tint", TEXT),
    *[(meaning, "surface", TEXT) for meaning in MEANINGS],
    *[(meaning, f"{meaning}-tint", TEXT) for meaning in MEANINGS],
    *[("ink", f"{meaning}-tint", TEXT) for meaning in MEANINGS],
    *[("accent", f"{meaning}-tint", TEXT) for meaning in MEANINGS],
    *[("line-strong", ground, CONTROL) for ground in ("canvas", "surface", "sunken")],
    *[("tier-reseller", ground, CONTROL) for ground in GROUNDS],
    *[("tier-customer", ground, CONTROL) for ground in GROUNDS],
    *[("focus", ground, CONTROL) for ground in GROUNDS],
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "needed"), PAIRS)
def test_pair_can_be_read(front, ground, needed, theme):
    night = theme == "dark"
    found = tokens()
    assert contrast(found[front][night], found[ground][night]) >= needed


def test_contrast_is_the_one_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


def test_colours_are_those_of_the_fallback():
    """Browsers without light-dark() get the same day, written down once more as hex."""
    from tests.look.test_styles import fallback

    day = {name: light for name, (light, _) in tokens().items()}
    written = fallback()
    assert written.keys() >= {"canvas", "surface", "ink", "line-strong", "accent", "danger"}
    for name, colour in written.items():
        assert all(abs(a - b) <= 1 for a, b in zip(colour, day[name], strict=True)), name
