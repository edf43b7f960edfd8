"""What each rival theory can reach in the ranges of the parameters, beside the default theories.

All rivals are judged at the same points of the ranges and on the same studies, so their shares are paired. A
finding is brought into reach by a rival if it is out of reach under the default theories and not under the
rival, and put out of reach in the reverse case. Nothing is fitted; held-out findings are read, so this is a
description of rivals and no ground to choose one by a single finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from woc_sim.analysis.inference.parameters import first_design
from woc_sim.analysis.reach import OUT_OF_REACH, judged, scenarios_of, space_of_all, tables
from woc_sim.analysis.rival_theories import Rival, distinct
from woc_sim.ensemble.store import Store
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("finding", "role", "statement", "points", "share", "default", "word")
"""Columns of reach.csv that are kept of each rival."""


def reach_of_rivals(
    chosen: Sequence[Rival],
    base: Scenario,
    points: int,
    workers: int,
    progress: bool | None,
    store: Store,
) -> pd.DataFrame:
    """One line for each rival and finding: subject, theory, then `COLUMNS` (see `reach`).

    base: the scenario of all runs but for theories. The default theories are always among the rivals.
    """
    import pandas as pd

    space = space_of_all(())
    units = first_design(len(space.names), points, base.seed)
    by_change: dict[tuple[tuple[str, str], ...], pd.DataFrame] = {}
    for rival in distinct([Rival("", "", (), True), *chosen]):
        world = replace(base, theories=rival.theories)
        values, passed = judged(
            scenarios_of(space, units, world), workers, progress, store, f"reach of {rival.title}, studies"
        )
        by_change[rival.changed] = tables(space, units, values, passed, base.seed).table[list(COLUMNS)]
    parts = [by_change[one.changed].assign(subject=one.subject, theory=one.name) for one in chosen]
    if not any(one.changed == () for one in chosen):
        parts.insert(0, by_change[()].assign(subject="", theory=""))
    found = pd.concat(parts, ignore_index=True)
    return found[["subject", "theory", *COLUMNS]]


def summary(reached: pd.DataFrame, chosen: Sequence[Rival]) -> pd.DataFrame:
    """One line for each rival: out_of_reach (number of findings), into_reach and put_out (findings by name,
    against the default theories), and held (findings that a random point of the ranges holds on average)."""
    import pandas as pd

    def unreached(own: pd.DataFrame) -> list[str]:
        return own.loc[own["word"] == OUT_OF_REACH, "finding"].tolist()

    def of(rival: Rival) -> pd.DataFrame:
        return reached[(reached["subject"] == rival.subject) & (reached["theory"] == rival.name)]

    standard = next((of(one) for one in chosen if one.changed == ()), reached[reached["subject"] == ""])
    before = unreached(standard)
    rows = []
    for one in chosen:
        own = of(one)
        after = unreached(own)
        rows.append(
            {
                "subject": one.subject,
                "theory": one.name,
                "out_of_reach": len(after),
                "into_reach": " ".join(name for name in before if name not in after),
                "put_out": " ".join(name for name in after if name not in before),
                "held": float(own["share"].sum()),
            }
        )
    return pd.DataFrame(rows)


def sentences(found: pd.DataFrame) -> list[str]:
    """One sentence for each rival of `summary`."""
    return [
        f"{row['subject']} {row['theory']}: {row['out_of_reach']} findings are out of reach"
        + (f"; brought into reach: {row['into_reach']}" if row["into_reach"] else "")
        + (f"; put out of reach: {row['put_out']}" if row["put_out"] else "")
        + f"; a random point of the ranges holds {row['held']:.1f}"
        for row in found.to_dict("records")
    ]
