"""Everything that `woc-sim benchmark` measures, in two sizes, and the bars it is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from benchmarks import equality, speed, thinning, whole
from woc_sim.inputs.vocabulary import MONTHS


@dataclass(frozen=True)
class Sizes:
    """How much is measured. stepping: people, the twin's months, pairs, the kernels' months; numpy: people,
    months, pairs; runs: people, months, replicates; small: the sizes of small runs, months, replicates."""

    equality: tuple[int, int, int] = (2000, 24, 12)  # people, months, replicates
    stepping: tuple[tuple[int, int, int, int], ...] = ((2000, 6, 5, 18), (150_000, 1, 3, 6))
    numpy: tuple[tuple[int, int, int], ...] = ((2000, 48, 5), (150_000, 6, 5))
    processes: tuple[int, ...] = (2000, 150_000)
    runs: tuple[int, int, int] = (2000, MONTHS, 12)
    small: tuple[tuple[int, ...], int, int] = ((300, 1000, 2000), 120, 15)
    scaling: tuple[int, ...] = (8_000, 20_000, 50_000, 110_000, 250_000)
    months: int = MONTHS
    repeats: int = 2
    footprint: tuple[int, int] = (150_000, MONTHS)
    hottest: tuple[int, int] = (2000, 12)
    organisations: tuple[int, int] = (200, 20_000)  # people where their fixed cost and their share are read
    thinning: tuple[tuple[float, ...], int] = ((0.05, 0.2, 1.0), 10)  # scales, replicates


QUICK = Sizes(
    equality=(1000, 12, 6),
    stepping=((2000, 4, 3, 18), (20_000, 1, 3, 6)),
    numpy=((2000, 24, 3), (20_000, 12, 3)),
    processes=(2000, 20_000),
    runs=(2000, MONTHS, 3),
    small=((300, 1000, 2000), 120, 5),
    scaling=(8_000, 20_000, 50_000),
    months=24,
    repeats=1,
    footprint=(20_000, MONTHS),
    hottest=(2000, 4),
    thinning=((0.05, 0.2, 1.0), 4),
)


@dataclass
class Measured:
    """Tables by name, and single numbers."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Bar:
    """A measured number beside what is asked of it; `most` says whether it is an upper limit."""

    what: str
    value: float
    ceiling: float
    goal: float | None
    most: bool

    @property
    def met(self) -> bool:
        """Whether the number keeps its limit."""
        return self.value <= self.ceiling if self.most else self.value >= self.ceiling


class UnequalError(Exception):
    """The twin and the kernels live different lives, so their times cannot be compared."""


def measure(sizes: Sizes, say: Callable[[str], None]) -> Measured:
    """All measurements, one after the other; equality first.

    Raises UnequalError if an indicator of the twin departs from the kernels' by more than chance.
    """
    found = Measured()
    people, months, replicates = sizes.equality
    say(f"equality of the twins: {replicates} replicates of {people} people, {months} months")
    found.tables["equality"] = same = equality.compare(people, months, replicates)
    apart = list(same.loc[~same["agree"], "indicator"])
    if apart:
        raise UnequalError(f"twin and kernels differ in {', '.join(apart)}:\n{same.to_string(index=False)}")
    stepping = []
    for people, *rest in sizes.stepping:
        say(f"stepping, kernels against plain Mesa: {people} people")
        stepping.append(speed.stepping(people, *rest))
    found.tables["stepping"] = pd.concat(stepping, ignore_index=True)
    vectorised = []
    for people, months, pairs in sizes.numpy:
        say(f"attitudes, kernel against numpy: {people} people")
        table, found.numbers[f"numpy_difference_{people}"] = speed.against_numpy(people, months, pairs)
        vectorised.append(table)
    found.tables["numpy"] = pd.concat(vectorised, ignore_index=True)
    processes = []
    for people in sizes.processes:
        say(f"seconds by process: {people} people")
        table = whole.by_process(people, sizes.months)
        table.insert(0, "people", people)
        processes.append(table)
    found.tables["processes"] = pd.concat(processes, ignore_index=True)
    people, months, runs = sizes.runs
    say(f"runs a second: {people} people, {months} months")
    found.tables["runs"] = whole.runs_per_second(people, months, runs)
    say(f"what a run costs whatever its size: {', '.join(map(str, sizes.small[0]))} people")
    found.tables["small"] = small = whole.small_runs(*sizes.small)
    found.numbers |= {f"fixed_ms_{kind}": whole.fixed_cost(small, kind) for kind in ("all", "index")}
    say(f"growth with size: {', '.join(str(size) for size in sizes.scaling)} people")
    found.tables["scaling"] = whole.scaling(list(sizes.scaling), sizes.months, sizes.repeats)
    found.numbers["exponent"] = whole.exponent(found.tables["scaling"])
    people, months = sizes.footprint
    say(f"one whole run in a process of its own: {people} people, {months} months")
    found.numbers |= {f"run_{name}": each for name, each in whole.footprint(people, months).items()}
    say(f"the organisations: fixed cost and share at {sizes.organisations[1]} people")
    found.numbers |= whole.organisations(*sizes.organisations, sizes.months)
    scales, replicates = sizes.thinning
    say(f"a thinned town beside the whole: {replicates} replicates at {', '.join(map(str, scales))}")
    found.tables["thinning"] = thinning.per_head(scales, replicates)
    people, months = sizes.hottest
    say(f"where plain Mesa spends its time: {people} people")
    found.tables["hottest"] = speed.hottest(people, months)
    return found


def ratios(found: Measured) -> pd.DataFrame:
    """Medians over pairs: what, people, kernels and other (CPU s a month), ratio, lowest, highest."""
    rows: list[dict[str, Any]] = []
    for name, other in (("stepping", "twin"), ("numpy", "numpy")):
        for people, each in found.tables[name].groupby("people"):
            rows.append(
                {
                    "what": "person side against plain Mesa"
                    if other == "twin"
                    else "attitudes against numpy",
                    "people": people,
                    "kernels": each["kernels"].median(),
                    "other": each[other].median(),
                    "ratio": each["ratio"].median(),
                    "lowest": each["ratio"].min(),
                    "highest": each["ratio"].max(),
                }
            )
    return pd.DataFrame(rows)


def bars(found: Measured) -> list[Bar]:
    """The numbers that are held against a limit, as far as they were measured at the size it is set for."""
    kept = []
    table = ratios(found)
    for people, floor in ((2000, 100.0), (150_000, 150.0)):
        mesa = (table["people"] == people) & table["what"].str.endswith("Mesa")
        for ratio in table.loc[mesa, "ratio"]:
            kept.append(Bar(f"times as fast as plain Mesa, {people:,} people", ratio, floor, 200.0, False))
    if found.numbers["run_people"] == 150_000:
        seconds, memory = found.numbers["run_wall"], found.numbers["run_bytes_person"]
        kept.append(Bar("wall seconds of a run of 150,000 people", seconds, 12.0, 6.0, True))
        kept.append(Bar("bytes a person over the libraries", memory, 400.0, None, True))
    runs = found.tables["runs"].set_index("organisations")["per_second"]
    kept.append(Bar("runs a second of 2,000 people, organisations at rest", runs[False], 18.0, 30.0, False))
    kept.append(
        Bar(
            f"share of the organisations in a month of {found.numbers['organisations_people']:,.0f} people",
            found.numbers["organisations_share"],
            0.3,
            None,
            True,
        )
    )
    kept.append(
        Bar(
            "ms that organisations cost a place in 144 months, whatever its size",
            found.numbers["organisations_fixed_ms"],
            45.0,
            15.0,
            True,
        )
    )
    fixed = found.numbers["fixed_ms_all"]
    kept.append(Bar("ms that a run of 120 months costs, whatever its size", fixed, 12.0, 8.0, True))
    if found.tables["scaling"]["people"].max() >= 250_000:
        kept.append(Bar("exponent of growth with people", found.numbers["exponent"], 1.2, None, True))
    return kept
