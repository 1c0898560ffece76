"""The chart of *Incentives* as numbers: where each bar stands. The template draws it."""

from typing import NamedTuple

WIDTH, HEIGHT = 480, 220
LEFT, TOP, BOTTOM = 52, 12, 28  # room for the numbers of the scale and the names of months
MOST_NAMES = 6  # of months below the bars


class Bar(NamedTuple):
    """One month: licenses with a reseller at the bottom, those without above; in SVG units."""

    words: str  # below the bar; "" where there is no room
    x: float
    width: float
    named_y: float
    named_height: float
    nobody_y: float
    nobody_height: float
    middle: float
    tip: str


def draw_bars(totals, tip):
    """(bars, lines of the scale as (y, number)) for ``totals`` as a Report has them.

    ``tip(month, named, nobody)`` says a bar in words, for those who point at it.
    """
    top = _round_up(max((named + nobody).licenses for _month, named, nobody in totals))
    room = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT) / len(totals)
    every = -(-len(totals) // MOST_NAMES)
    bars = [
        _bar(total, x=LEFT + place * step, step=step, unit=room / top, tip=tip(*total))
        for place, total in enumerate(totals)
    ]
    named = range(len(bars) - 1, -1, -every)  # the current month always
    shown = [bar if place in named else bar._replace(words="") for place, bar in enumerate(bars)]
    scale = [(round(TOP + room * (1 - part / 2), 1), top * part // 2) for part in range(3)]
    return shown, scale


def _bar(total, *, x, step, unit, tip):
    month, named, nobody = total
    floor = HEIGHT - BOTTOM
    low, high = named.licenses * unit, nobody.licenses * unit
    return Bar(
        words=f"{month.number}/{month.year % 100:02}",
        x=round(x + step * 0.15, 1),
        width=round(step * 0.7, 1),
        named_y=round(floor - low, 1),
        named_height=round(low, 1),
        nobody_y=round(floor - low - high, 1),
        nobody_height=round(high, 1),
        middle=round(x + step / 2, 1),
        tip=tip,
    )


def _round_up(number):
    """A round even number at the top of the scale: 2, 4, 10, 20, 40, 100, …"""
    top = 2
    while top < number:
        top = top * 5 // 2 if str(top)[0] == "4" else top * 2
    return top
