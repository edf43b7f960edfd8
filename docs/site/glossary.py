"""The glossary: every indicator and reading, made from their catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from docs.site.markdown import codes
from woc_sim.instruments.behind import columns_behind
from woc_sim.instruments.readings import INDICATOR_NAMES, INDICATORS, READINGS, Indicator, Reading


def sentence(text: str) -> str:
    """A meaning as a sentence."""
    return f"{text[0].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")


def indicator(one: Indicator) -> str:
    """An entry for a column of the monthly table."""
    behind = columns_behind(one.name)
    state = codes(sorted(behind.values or behind.conditions))
    twice = next((each for each in READINGS if each.name == one.name), None)
    also = f" A reading has this name too: {sentence(twice.meaning)} Unit: {twice.unit}." if twice else ""
    return (
        f"{one.name}\n  {sentence(one.meaning)} Unit: {one.unit}. Made of {state or 'the calendar'}.{also}\n"
    )


def reading(one: Reading) -> str:
    """An entry for a column of the final table."""
    state = f" Stands for {codes(one.stands_for)}." if one.stands_for else ""
    return f"{one.name}\n  {sentence(one.meaning)} Unit: {one.unit}. When: {one.month}.{state}\n"


def block(entries: Iterable[str]) -> str:
    """Entries as a glossary of Sphinx, so that other pages can point at each."""
    return "```{glossary}\n" + "\n".join(entries) + "```\n"


def page() -> str:
    """The page."""
    lines = [
        "# Glossary of indicators and readings\n",
        "An *indicator* is a column of `monthly.parquet`: it is observed in every month. A *reading* is a "
        "column of `final.parquet`: what an instrument of the study finds at its month. A reading that "
        "begins with `latent_` is the true state behind an instrument. `woc-sim list indicators` prints the "
        "same list.\n",
        "## Indicators of every month\n",
        block(map(indicator, INDICATORS)),
    ]
    for instrument, found in groupby(READINGS, key=lambda one: one.instrument):
        own = [one for one in found if one.name not in INDICATOR_NAMES]
        lines += [f"## Readings of {instrument.replace('_', ' ')}\n", block(map(reading, own))]
    return "\n".join(lines)


def pages() -> Iterator[tuple[str, str]]:
    """Place in the site -> text."""
    yield "glossary.md", page()
