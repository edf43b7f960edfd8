"""The picture of each judged finding: its pass rates in the model and the null models, and its headline
number beside the published one.

The pictures are written as SVG by hand: matplotlib takes half a second for each of over a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import isfinite

from docs.site.markdown import number, share
from docs.site.verdicts import Verdict, verdicts
from woc_sim.analysis.nulls import NULLS
from woc_sim.analysis.verdicts import MAJORITY, PassRate

WIDTH, ROW, TOP = 760, 24, 34
RATES, NUMBERS = (200, 440), (560, 740)
"""Left and right end of each of the two axes, in pixels."""
INK, GREY, BLUE, VERMILION = "#222222", "#6f6f6f", "#0072B2", "#D55E00"


def text(
    x: float, y: float, words: str, anchor: str = "start", colour: str = INK, weight: str = "normal"
) -> str:
    """Words at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}">'
        f"{escape(words)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, more: str = "") -> str:
    """A straight line."""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}" {more}/>'


def rates(made: Verdict) -> Iterator[str]:
    """Pass rate and its 90 % interval in the model and each null model; those that do not count are grey."""
    left, right = RATES
    bottom = TOP + ROW * (len(NULLS) + 1)

    def at(value: float) -> float:
        return left + value * (right - left)

    yield text(left, 14, "Share of studies in which it holds", weight="bold")
    yield line(at(MAJORITY), TOP - 8, at(MAJORITY), bottom - 8, GREY, 1, 'stroke-dasharray="4 3"')
    yield line(left, bottom - 8, right, bottom - 8, GREY, 1)
    for mark in (0, 0.5, 1):
        yield text(at(mark), bottom + 8, share(mark), "middle", GREY)
    studies = int(made.numbers["n"])
    rows = [("model", made.numbers["pass_model"], VERMILION, True)]
    rows += [
        (name.replace("_", " "), rate, BLUE, name in made.living) for name, rate in made.null_rates().items()
    ]
    for place, (name, rate, colour, counts) in enumerate(rows):
        y = TOP + ROW * place
        shade = colour if counts else GREY
        yield text(
            left - 12, y + 4, name if counts else f"{name} (not counted)", "end", INK if counts else GREY
        )
        if not isfinite(rate):
            yield text(left + 4, y + 4, "not run", colour=GREY)
            continue
        low, high = PassRate(round(rate * studies), studies).interval
        yield line(at(low), y, at(high), y, shade, 5, 'opacity="0.4"')
        shape = f'fill="{shade}"' if counts else f'fill="white" stroke="{shade}" stroke-width="1.5"'
        yield f'<circle cx="{at(rate):.1f}" cy="{y}" r="5" {shape}/>'
        yield text(right + 8, y + 4, share(rate), colour=shade)


def headline(made: Verdict) -> Iterator[str]:
    """The headline number: median and 90 % of studies; the published one with two standard errors."""
    numbers = made.numbers
    middle, low, high, target = (numbers[name] for name in ("simulated", "low", "high", "target"))
    error = 2 * numbers["error"] if isfinite(numbers["error"]) else 0.0
    ends = [each for each in (low, high, target - error, target + error) if isfinite(each)]
    yield text(NUMBERS[0], 14, "Headline number", weight="bold")
    if not isfinite(middle):
        yield text(NUMBERS[0], TOP + 4, "missing in all studies", colour=GREY)
        return
    start, wide = min(ends), (max(ends) - min(ends)) or 1.0
    left, right = NUMBERS

    def at(value: float) -> float:
        return left + (value - start) / wide * (right - left)

    y = TOP + 12
    yield line(at(low), y, at(high), y, VERMILION, 5, 'opacity="0.4"')
    yield f'<circle cx="{at(middle):.1f}" cy="{y}" r="5" fill="{VERMILION}"/>'
    yield text(left, y + 22, f"simulated {number(middle)} ({number(low)} to {number(high)})")
    if isfinite(target):
        y += 56
        x = at(target)
        yield line(at(target - error), y, at(target + error), y, INK, 1.5)
        corners = f"M{x - 6:.1f} {y}L{x:.1f} {y - 6}L{x + 6:.1f} {y}L{x:.1f} {y + 6}Z"
        yield f'<path d="{corners}" fill="white" stroke="{INK}"/>'
        within = f" ± {number(error)}" if error else ""
        yield text(left, y + 22, f"published {number(target)}{within}")


def picture(made: Verdict) -> str:
    """The picture of a finding as SVG."""
    height = TOP + ROW * (len(NULLS) + 1) + 16
    parts = "\n".join((*rates(made), *headline(made)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" '
        f'font-family="DejaVu Sans, Arial, sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>\n{parts}\n</svg>\n'
    )


def pictures() -> Iterator[tuple[str, bytes]]:
    """Place in the site -> content, for each finding with a verdict."""
    for identifier, made in verdicts().items():
        yield f"made/{identifier}.svg", picture(made).encode()
