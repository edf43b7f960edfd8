"""Two scenarios in Python: `compare` says by how much they differ, `why` through which channels."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from woc_sim.ensemble import arguments
from woc_sim.ensemble import why as splitting
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.plausible import sets_named
from woc_sim.errors import UserError
from woc_sim.library.commands import command_of_pair, versions, words_of
from woc_sim.library.frames import described, write_frames
from woc_sim.records import shown
from woc_sim.scenario import fields
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.words import Settings

if TYPE_CHECKING:
    import pandas as pd

    from woc_sim.library.plots import Plot


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison:
    """The effect of the second scenario against the first, from paired replicates.

    ``effects``: indicator, month (a date), first, second, effect (second less first), low, high (95 %
    interval), n (pairs), unit. ``readings``: reading, first, second, effect, low, high, n, size (effect in
    standard deviations of the differences), p, fdr (p adjusted for the number of readings), test, unit;
    clearest difference first. ``first``, ``second``: the scenarios. ``versions``, ``command``: as in
    `RunTables`.
    """

    effects: pd.DataFrame
    readings: pd.DataFrame
    first: Scenario
    second: Scenario
    replicates: int
    versions: Mapping[str, str] = field(default_factory=dict)
    command: str = ""

    def __repr__(self) -> str:
        return f"Comparison({self.replicates} pairs; {shown(self.first)} and {shown(self.second)})"

    @property
    def names(self) -> tuple[str, str]:
        """What the scenarios are called: the settings that make them."""
        first, second = (words_of(each) or shown(each) for each in (self.first, self.second))
        return first, second

    @property
    def text(self) -> str:
        """How many readings differ, and the clearest of them, as ``woc-sim compare`` prints it."""
        from woc_sim.ensemble.compare import summary_lines

        return "\n".join(summary_lines(self.readings))

    def summary(self, fdr: float = 0.05) -> pd.DataFrame:
        """The readings that differ at this false discovery rate."""
        return self.readings[self.readings["fdr"] <= fdr].reset_index(drop=True)

    def plot(self, names: str | Sequence[str] | None = None) -> Plot:
        """The effect on indicators over time, with its 95 % interval.

        names: indicators; None for a choice. Returns a matplotlib figure. Raises UserError for an unknown
        name.
        """
        from woc_sim.library.plots import draw_effects

        return draw_effects(self.effects, names, self.names)

    def to_csv(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write ``effects.csv`` and ``readings.csv`` into a folder; returns the files. Raises UserError."""
        return write_frames({"effects": self.effects, "readings": self.readings}, folder)


def compare(
    first: Scenario | Settings,
    second: Scenario | Settings,
    replicates: int = 20,
    workers: int | Dask = 1,
    parameters: str | os.PathLike[str] | None = None,
) -> Comparison:
    """The effect of the difference between two scenarios, from paired replicates. Nothing is written.

    Parameters
    ----------
    first, second : two scenarios of equal seed, months and number of localities, or their settings.
    replicates : number of pairs, 2 to 100,000. Replicate r of both scenarios shares its draws.
    workers : number of parallel processes, 1 to 1024. Results do not depend on it.
    parameters : ``"plausible"``, or a posterior.csv of ``woc-sim calibrate posterior``: replicate r of both
        scenarios has one of its plausible sets of parameters. None: the parameters of the scenarios.

    Returns
    -------
    `Comparison`: ``effects`` (by month) and ``readings`` (pandas), ``text``, ``plot()``, ``to_csv(folder)``.

    Raises
    ------
    UserError : if the scenarios are no pair or equal, or a number is out of range; before anything runs.
    """
    from woc_sim.ensemble.compare import by_month, by_reading, paired_tasks
    from woc_sim.ensemble.executors import run_many
    from woc_sim.instruments.readings import INDICATORS, READINGS

    one = arguments.scenario_of(first, "the first scenario")
    other = arguments.scenario_of(second, "the second scenario")
    if one == other:
        raise UserError("the two scenarios are equal; change a setting of one of them")
    count = fields.integer("replicates", replicates, 2, 100_000)
    name = None if parameters is None else fields.text("parameters", parameters)
    tasks = paired_tasks(one, other, count, sets_named(name))
    outcomes = run_many(tasks, arguments.workers_of(workers), progress=False)
    units = {each.name: each.unit for each in INDICATORS}
    months = by_month(tasks, outcomes)
    readings = by_reading(tasks, outcomes)
    more = [f"replicates={count}", *([f"parameters={name}"] if name else [])]
    return Comparison(
        described(months.assign(unit=months["indicator"].map(units))),
        described(readings.assign(unit=readings["reading"].map({each.name: each.unit for each in READINGS}))),
        one,
        other,
        count,
        versions(),
        command_of_pair("compare", one, other, *more),
    )


@dataclass(frozen=True)
class Why(splitting.Why):
    """The answer of `why`.

    ``effects``: reading, unit, meaning, first, second, effect (second less first), low, high (95 % interval
    over replicates), n. ``shares``: reading, channel, meaning, share (in the unit of the reading), low, high,
    of_effect (share of the effect), order_error (standard error from drawing orders, 0 where all were taken),
    n. ``replicates``: reading, replicate, channel, share. ``names``: what the scenarios are called. ``text``:
    a paragraph for each reading. ``versions``, ``command``: as in `RunTables`. nan: not known.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    command: str = ""

    def summary(self) -> pd.DataFrame:
        """The shares of each channel, one column for each reading, largest first."""
        table = self.shares.pivot(index="channel", columns="reading", values="share")
        return table.loc[table.abs().max(axis=1).sort_values(ascending=False, kind="stable").index]

    def plot(self, reading: str | None = None) -> Plot:
        """The shares of a reading (the first one if none is named), with their 95 % intervals.

        Returns a matplotlib figure. Raises UserError for a reading that was not split.
        """
        from woc_sim.library.plots import draw_shares

        return draw_shares(self.effects, self.shares, reading, self.names)

    def to_csv(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write effects.csv, shares.csv and replicates.csv into a folder; returns the files. Raises
        UserError.
        """
        return write_frames(
            {name: getattr(self, name) for name in ("effects", "shares", "replicates")}, folder
        )


def why(
    first: Scenario | Settings,
    second: Scenario | Settings,
    reading: str | Sequence[str],
    replicates: int = 20,
    workers: int | Dask = 1,
    channels: str | Sequence[str] | None = None,
    hold: str | Sequence[str] = (),
    orders: int = 1,
) -> Why:
    """Split the effect of one scenario against another over the channels through which it runs. Nothing is
    written.

    Parameters
    ----------
    first, second : two scenarios of equal seed, months and number of residents, or their settings.
    reading : names of readings or indicators; 'all' for all readings.
    replicates : number of paired replicates, 2 to 100,000.
    workers : number of parallel processes, 1 to 1024. Results do not depend on it.
    channels : the channels to split over, 'contact' or 'contact+opinion'; None for each alone. Up to six are
        split exactly.
    hold : channels among them that are held all the time.
    orders : pairs of orders for each replicate, where there are more than six channels.

    Returns
    -------
    `Why`: ``effects``, ``shares``, ``replicates`` (pandas), ``text``, ``plot()``, ``to_csv(folder)``.

    Raises
    ------
    UserError : if the scenarios are no pair, or a name is unknown. docs/why.md says what shares mean.
    """
    one = arguments.scenario_of(first, "the first scenario")
    other = arguments.scenario_of(second, "the second scenario")
    readings = arguments.names_of("reading", reading)
    game = splitting.game_of(
        one,
        other,
        readings,
        None if channels is None else arguments.names_of("channels", channels),
        arguments.names_of("hold", hold),
        fields.integer("orders", orders, 1, 1000),
    )
    count = fields.integer("replicates", replicates, 2, 100_000)
    names = words_of(one) or "first", words_of(other) or "second"
    found = splitting.why(game, count, arguments.workers_of(workers), progress=False, names=names)
    more = [f"reading={','.join(readings)}", f"replicates={count}"]
    for key, value in (("channels", channels), ("hold", hold)):
        more += [f"{key}={','.join(arguments.names_of(key, value))}"] if value else []
    more += [f"orders={orders}"] if orders != 1 else []
    return Why(
        found.effects,
        found.shares,
        found.replicates,
        found.names,
        versions(),
        command_of_pair("why", one, other, *more),
    )
