"""Why two scenarios differ: the effect on a reading, split over the channels through which it runs.

Both scenarios share their draws, so that the second can be lived again with some channels held at the course
of the first (`woc_sim.ensemble.courses`). With all of them held, what is left of the effect comes from the
setting itself. As channels become free one after the other, each adds a part. The parts depend on the order
where channels interact, and a channel's share is its mean over orders (Shapley 1953, "A value for n-person
games"): over all orders where there are few channels, else over drawn ones. In every replicate the shares add
up to the effect.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import factorial, isfinite, nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.ensemble.channels import SETTING, groups_of
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.compare import paired_tasks
from woc_sim.ensemble.intervals import mean_and_half
from woc_sim.ensemble.plausible import PlausibleSets
from woc_sim.ensemble.replays import Game, Played, orders_of, play
from woc_sim.errors import UserError, nearest
from woc_sim.instruments.readings import INDICATORS, READINGS, Indicator, Reading
from woc_sim.records import shown
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
Shares = dict[str, Array]

ALL: Final = "all"
"""Stands for every reading of the instruments."""
REPLICATES: Final = 20
PAIRS: Final = 1
"""Pairs of orders in each replicate: one order and its reverse."""
SMALL: Final = 0.05
"""Share of the effect below which a channel is not named in the words."""
SETTING_MEANING: Final = "the setting itself"


@dataclass(frozen=True)
class Why:
    """The answer.

    ``effects``: reading, unit, meaning, first, second, effect (second less first), low, high (95 % interval
    over replicates), n. ``shares``: reading, channel, meaning, share (in the unit of the reading), low, high,
    of_effect (share of the effect), order_error (standard error from drawing orders, 0 where all were taken),
    n. ``replicates``: reading, replicate, channel, share. ``names``: what the scenarios are called. nan: not
    known.
    """

    effects: pd.DataFrame
    shares: pd.DataFrame
    replicates: pd.DataFrame
    names: tuple[str, str] = ("first", "second")

    @property
    def text(self) -> str:
        """A paragraph for each reading."""
        return "\n\n".join(
            paragraph(row, self.shares[self.shares["reading"] == row["reading"]])
            for row in self.effects.to_dict("records")
        )


def outcomes_of(names: Sequence[str]) -> tuple[str, ...]:
    """The readings or indicators that are asked for, each once; all readings for 'all'. Raises UserError."""
    if tuple(names) == (ALL,):
        return tuple(each.name for each in READINGS)
    if not names:
        raise UserError("no reading or indicator is named; name one, or all")
    known = known_outcomes()
    for name in names:
        if name not in known:
            hint = nearest(name, known) or "`woc-sim list observables` names them"
            raise UserError(f"there is no reading or indicator {shown(repr(name))}; {hint}")
    return tuple(dict.fromkeys(names))


def known_outcomes() -> Mapping[str, Indicator | Reading]:
    """Indicators and readings by name; the reading where both have one."""
    return {each.name: each for each in INDICATORS} | {each.name: each for each in READINGS}


def game_of(
    first: Scenario,
    second: Scenario,
    reading: Sequence[str],
    channels: Sequence[str] | None = None,
    hold: Collection[str] = (),
    pairs: int = PAIRS,
    sets: PlausibleSets | None = None,
) -> Game:
    """The game that is asked for. Raises UserError where the two scenarios are no pair or a name is unknown.

    channels: names, joined with '+' where they are one; None for each alone. hold: those of them that are
    held all the time, so that the effect without them is split.
    """
    paired_tasks(first, second, 1, sets)
    if first == second:
        raise UserError("the two scenarios are equal; change a setting of one of them")
    if first.people != second.people:
        raise UserError(
            f"people is {first.people} in the first scenario, {second.people} in the second; residents are "
            "the same persons only where it is one number"
        )
    if first.schedule != second.schedule:
        raise UserError(
            "the scenarios have different processes in their schedules, so that a course of one has no place "
            "in the other; drop a process in both, or hold its channel"
        )
    groups = groups_of(channels)
    names = [group.name for group in groups]
    for each in hold:
        if each not in names:
            hint = nearest(each, names) or f"there are {', '.join(names)}"
            raise UserError(f"hold is {shown(repr(each))}, which is no channel of this split; {hint}")
    return Game(first, second, groups, outcomes_of(reading), frozenset(hold), pairs, sets)


def why(
    game: Game,
    replicates: int = REPLICATES,
    workers: int | Dask = 1,
    progress: bool | None = None,
    names: tuple[str, str] = ("first", "second"),
) -> Why:
    """Replay all replicates and split the effect. The numbers do not depend on the number of workers."""
    return split(game, play(game, replicates, workers, progress), names)


def split(game: Game, played: Sequence[Played], names: tuple[str, str] = ("first", "second")) -> Why:
    """The effects and their shares, from the values of all replicates."""
    import pandas as pd

    known = known_outcomes()
    meanings = {SETTING: SETTING_MEANING} | {group.name: group.meaning for group in game.groups}
    by_replicate = [shares_of(game, each) for each in played]
    errors = order_errors(game, played)
    first = np.array([each.first for each in played])
    last = np.array([each.values[frozenset(game.players)] for each in played])
    effects, shares, replicates = [], [], []
    for column, name in enumerate(game.outcomes):
        one, other = first[:, column], last[:, column]
        effect, half = mean_and_half(other - one)
        there = np.isfinite(other - one)
        effects.append(
            {
                "reading": name,
                "unit": known[name].unit,
                "meaning": known[name].meaning,
                "first": float(one[there].mean()) if there.any() else nan,
                "second": float(other[there].mean()) if there.any() else nan,
                "effect": effect,
                "low": effect - half,
                "high": effect + half,
                "n": int(there.sum()),
            }
        )
        for channel, meaning in meanings.items():
            values = np.array([each[channel][column] for each in by_replicate])
            share, half = mean_and_half(values)
            shares.append(
                {
                    "reading": name,
                    "channel": channel,
                    "meaning": meaning,
                    "share": share,
                    "low": share - half,
                    "high": share + half,
                    "of_effect": share / effect if effect else nan,
                    "order_error": errors[channel][column],
                    "n": int(np.isfinite(values).sum()),
                }
            )
            replicates += [
                {"reading": name, "replicate": each.replicate, "channel": channel, "share": float(value)}
                for each, value in zip(played, values, strict=True)
            ]
    return Why(pd.DataFrame(effects), pd.DataFrame(shares), pd.DataFrame(replicates), names)


def shares_of(game: Game, played: Played) -> Shares:
    """The share of the setting and of each channel in one replicate, one number for each outcome; channels
    that are held all the time have none."""
    found: Shares = {SETTING: played.values[frozenset()] - played.first}
    found |= {group.name: np.zeros(len(game.outcomes)) for group in game.groups}
    if game.exact:
        return found | _exact(game.players, played.values)
    orders = orders_of(game, played.replicate)
    for order in orders:
        for name, part in _along(order, played.values).items():
            found[name] = found[name] + part / len(orders)
    return found


def _along(order: Sequence[str], values: Mapping[frozenset[str], Array]) -> Shares:
    """What each channel adds when it becomes free after those before it."""
    steps = pairwise(values[frozenset(order[:size])] for size in range(len(order) + 1))
    return {name: after - before for name, (before, after) in zip(order, steps, strict=True)}


def _exact(players: Sequence[str], values: Mapping[frozenset[str], Array]) -> Shares:
    """What each channel adds, mean over all orders."""
    n, found = len(players), {}
    for name in players:
        total = np.zeros_like(values[frozenset()])
        for free, before in values.items():
            if name not in free:
                weight = factorial(len(free)) * factorial(n - len(free) - 1) / factorial(n)
                total = total + weight * (values[free | {name}] - before)
        found[name] = total
    return found


def order_errors(game: Game, played: Sequence[Played]) -> Shares:
    """Standard error of the mean share that comes from drawing orders; 0 where there was nothing to draw.

    It takes the orders of a replicate as independent. An order and its reverse differ more than two drawn
    ones, so that the error is rather smaller.
    """
    found: Shares = {name: np.zeros(len(game.outcomes)) for name in (SETTING, *(g.name for g in game.groups))}
    if game.exact or not played:
        return found
    for name in game.players:
        variances = []
        for each in played:
            parts = [_along(order, each.values)[name] for order in orders_of(game, each.replicate)]
            variances.append(np.var(parts, axis=0, ddof=1) / len(parts))
        spread = np.array(variances)
        there = np.isfinite(spread)
        count = there.sum(axis=0)
        total = np.where(there, spread, 0.0).sum(axis=0)
        found[name] = np.where(count > 0, np.sqrt(total) / np.maximum(count, 1), nan)
    return found


def paragraph(effect: Mapping[Any, Any], shares: pd.DataFrame) -> str:
    """The answer for one reading in words."""
    head = f"{effect['reading']} ({effect['meaning']}; {effect['unit']})"
    if not isfinite(effect["effect"]):
        return f"{head} is not known in both scenarios."
    size = abs(effect["effect"])
    sentences = [
        f"{head} is {number(effect['first'])} in the first scenario and {number(effect['second'])} in the "
        f"second: an effect of {signed(effect['effect'])}{_interval(effect)}, {effect['n']} pairs."
    ]
    if size == 0.0 and not shares["share"].abs().gt(0.0).any():
        return f"{sentences[0]} There is nothing to split."
    rows = sorted(shares.to_dict("records"), key=lambda row: -abs(row["share"]))
    if not _clear(effect):
        clear = [row for row in rows if row["share"] and _clear(row)]
        sentences.append("The interval includes zero, so that chance alone may have made this effect.")
        sentences.append(
            f"Of the shares, only these have intervals without zero: {_listed(clear)}."
            if clear
            else "No share is clear."
        )
        return " ".join(sentences)
    large = [row for row in rows if abs(row["share"]) >= SMALL * size]
    along = [row for row in large if row["share"] * effect["effect"] > 0.0]
    against = [row for row in large if row["share"] * effect["effect"] < 0.0]
    if along:
        sentences.append(f"It comes from {_listed(along, size)}.")
    if against:
        sentences.append(f"Against it work {_listed(against, size)}.")
    if len(large) < len(rows):
        rest = sum(row["share"] for row in rows if row not in large)
        sentences.append(f"All others together add {signed(rest)}.")
    return " ".join(sentences)


def _listed(rows: Sequence[Mapping[Any, Any]], size: float = 0.0) -> str:
    """Channels with their shares, and which part of an effect of this size they are."""
    parts = [f", {100 * abs(row['share']) / size:.0f} % of it" if size else "" for row in rows]
    return ", ".join(
        f"{row['meaning']} ({signed(row['share'])}{part}{'' if _clear(row) else ', unclear'})"
        for row, part in zip(rows, parts, strict=True)
    )


def _clear(row: Mapping[Any, Any]) -> bool:
    """Whether an interval leaves out zero; without one a number is taken as it is."""
    return not isfinite(row["low"]) or bool(row["low"] * row["high"] > 0.0)


def _interval(row: Mapping[Any, Any]) -> str:
    if not isfinite(row["low"]):
        return ""
    return f" (95 % interval {signed(row['low'])} to {signed(row['high'])})"


def number(value: float) -> str:
    """A number for a sentence."""
    return f"{round(value, 9) + 0.0:.3g}"


def signed(value: float) -> str:
    """A difference for a sentence."""
    return f"{round(value, 9) + 0.0:+.3g}"
