"""Since when immigrants from outside Europe have settled in the country of each framework.

`settlement.csv` alone says so: one row a framework, with the year and its source or the reason why it is
assumed. What is meant is the beginning of settlement that lasted, not the arrival of the first person.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from woc_sim.inputs.reading import read_rows
from woc_sim.inputs.vocabulary import FRAMEWORKS

FIRST_YEAR: Final = 2012
"""The year in which the calendar begins."""


@cache
def settled_since() -> dict[str, int]:
    """Framework -> year. Raises ValueError if the shipped table is at fault."""
    file = "settlement.csv"
    found = {}
    for row in read_rows(file, ("framework", "since", "source")):
        row.text("source")
        found[row.text("framework")] = row.integer("since", range(1900, FIRST_YEAR))
    if tuple(found) != FRAMEWORKS:
        raise ValueError(f"{file}: the frameworks must be exactly {', '.join(FRAMEWORKS)}, in this order")
    return found
