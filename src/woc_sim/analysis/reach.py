"""`calibrate prior`: what the form of the model can reach at all, anywhere in the ranges of its parameters.

Every point of a design in the ranges of all parameters is one whole study, and all checks are made on it. A
finding that holds at hardly any point is out of reach: its failure is a fault of the form. A finding that
holds at many points but not at the default is only off. Nothing is chosen here, so held-out findings may be
read: this is a description of the model and no calibration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.inference.parameters import Space, first_design, space_named
from woc_sim.analysis.inference.streams import Stream
from woc_sim.analysis.ranges import PRIOR
from woc_sim.analysis.scoreboard import findings_and_targets
from woc_sim.analysis.studies import STUDY, simulated_studies
from woc_sim.analysis.verdicts import PassRate
from woc_sim.ensemble.readers import read_values
from woc_sim.ensemble.sampling import parameter_names
from woc_sim.ensemble.store import Store, open_store
from woc_sim.errors import UserError
from woc_sim.files import write_table
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

POINTS: Final = 400
PEOPLE: Final = 400
DEFAULT_STUDIES: Final = 12
"""Studies of the default point, beside which the points are seen."""
HOLDS: Final = 0.5
"""The default point has a finding if it holds in more than this share of its studies."""
HARDLY: Final = 0.01
"""A finding is out of reach if it holds at fewer than this share of the points, and in none of the default's
studies."""
NAMED: Final = 3
FEWEST: Final = 10
"""Points with a headline number from which rank correlations are calculated."""
DUMMIES: Final = 10
"""Dummies for each parameter: where no parameter matters, one is named by chance for every tenth finding."""
OUT_OF_REACH, ONLY_OFF, HELD = "out of reach", "only off", "held by the default"
WORDS: Final = (OUT_OF_REACH, ONLY_OFF, HELD)


@dataclass(frozen=True)
class Reach:
    """``table``: one line for each finding. ``influence``: rank correlations of findings and parameters."""

    table: pd.DataFrame
    influence: pd.DataFrame


def reach(
    out: Path,
    points: int = POINTS,
    people: int = PEOPLE,
    workers: int = 2,
    progress: bool | None = None,
    seed: int = 1,
    over: Sequence[str] = (),
    theories: Mapping[str, str] | None = None,
) -> Reach:
    """Judge every point of a design in the ranges and write reach.csv and reach_parameters.csv into `out`.

    `over`: parameters or subjects, all if empty. `theories`: subject -> theory of all runs, where it is not
    the default. The same call continues a stopped one. Columns of reach.csv:
    finding, role, statement, points, share (at which it holds), low, high (Wilson, 90 %), default (share of
    the default's studies), word, strongest (parameters that move its headline number more than any dummy
    does, with the sign of their rank correlation). Raises UserError for an unknown name and for values
    outside `ranges.PRIOR`.
    """
    points, people, over, seed, workers = read_values(
        PRIOR, points=points, people=people, over=over, seed=seed, workers=workers
    )
    space = space_of_all(over)
    units = first_design(len(space.names), points, seed)
    base = Scenario((), people=people, seed=seed, theories=theories or {})
    with open_store(out) as store:
        values, passed = judged(scenarios_of(space, units, base), workers, progress, store)
    found = tables(space, units, values, passed, seed)
    write_table(found.table, out / "reach.csv")
    write_table(found.influence, out / "reach_parameters.csv")
    return found


def space_of_all(over: Sequence[str]) -> Space:
    """The cube of the named parameters, or of all that have a range. Raises UserError for an unknown name."""
    space = space_named(parameter_names(over) if over else registry())
    if not space.names:
        raise UserError(f"over={','.join(over)} has no parameter with a range")
    return space


def scenarios_of(space: Space, units: Array, base: Scenario) -> list[Scenario]:
    """The scenarios of the points, then the default point as often as it has studies."""
    return [space.scenario(base, unit) for unit in units] + [base] * DEFAULT_STUDIES


def judged(
    scenarios: Sequence[Scenario],
    workers: int,
    progress: bool | None,
    store: Store,
    title: str = "studies",
) -> tuple[Array, Array]:
    """Headline number and verdict of every check on one study of each scenario: two tables (studies, checks).

    Study r has number r, so that no two studies share a random draw.
    """
    checks = checks_by_finding()
    values, passed = [], []
    points = [(scenario, number) for number, scenario in enumerate(scenarios)]
    for study in simulated_studies(points, len(points), STUDY, workers, progress, store, title):
        results = [check.judge(study) for check in checks.values()]
        values.append([each.value for each in results])
        passed.append([each.passed for each in results])
    return np.array(values, dtype=float), np.array(passed, dtype=bool)


def tables(space: Space, units: Array, values: Array, passed: Array, seed: int) -> Reach:
    """The two tables from the checks on the points, which are followed by the studies of the default."""
    import pandas as pd

    count = len(units)
    influence = influences(space, units, values[:count], seed)
    rows = []
    for column, identifier in enumerate(checks_by_finding()):
        entry = findings_and_targets()[identifier]
        held = int(passed[:count, column].sum())
        default = float(passed[count:, column].mean())
        low, high = PassRate(held, count).interval
        named = influence[influence["finding"] == identifier].head(NAMED)
        rows.append(
            {
                "finding": identifier,
                "role": entry.role.name,
                "statement": entry.statement,
                "points": count,
                "share": held / count,
                "low": low,
                "high": high,
                "default": default,
                "word": word_of(held / count, default),
                "strongest": " ".join(
                    f"{'+' if rho > 0 else '-'}{name}"
                    for name, rho in zip(named["parameter"], named["correlation"], strict=True)
                ),
            }
        )
    return Reach(pd.DataFrame(rows), influence)


def word_of(share: float, default: float) -> str:
    """What the share of points and the default's pass rate say about a finding."""
    if default > HOLDS:
        return HELD
    return OUT_OF_REACH if share < HARDLY and default == 0.0 else ONLY_OFF


def influences(space: Space, units: Array, values: Array, seed: int) -> pd.DataFrame:
    """Rank correlation of every check's headline number with every parameter, where it is larger than that
    with the strongest of `DUMMIES` times as many dummies, which have no effect.

    Columns: finding, parameter, correlation, dummy (the strongest dummy's), points; the strongest first.
    """
    import pandas as pd
    from scipy.stats import rankdata

    dummies = Stream("dummies", seed).uniform(len(units), DUMMIES * units.shape[1])
    rows = []
    for column, identifier in enumerate(checks_by_finding()):
        finite = np.isfinite(values[:, column])
        if finite.sum() < max(FEWEST, len(values) // 2) or np.ptp(values[finite, column]) < 1e-12:
            continue
        number: Array = np.asarray(rankdata(values[finite, column]))
        real = _correlations(rankdata(units[finite], axis=0), number)
        blind = _correlations(dummies[finite], number)
        bound = float(np.abs(blind).max())
        for index in np.argsort(-np.abs(real), kind="stable"):
            if abs(real[index]) <= bound:
                break
            rows.append((identifier, space.names[index], float(real[index]), bound, int(finite.sum())))
    return pd.DataFrame(rows, columns=["finding", "parameter", "correlation", "dummy", "points"])


def _correlations(ranks: Array, number: Array) -> Array:
    """Pearson correlation of each column with a number."""
    x, y = ranks - ranks.mean(axis=0), number - number.mean()
    found: Array = x.T @ y / np.sqrt((x**2).sum(axis=0) * (y**2).sum())
    return found


def sentences(found: Reach) -> list[str]:
    """The result in one sentence for each word."""
    table = found.table
    lines = []
    for word in WORDS:
        own = table[table["word"] == word]
        names = f": {', '.join(own['finding'])}" if word != HELD and len(own) else ""
        lines.append(f"{len(own)} of {len(table)} findings are {word}{names}")
    middle = table["share"].sum()
    lines.append(f"a random point of the ranges holds {middle:.1f} of {len(table)} findings on average")
    return lines
