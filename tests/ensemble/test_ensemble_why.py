"""Why two scenarios differ: shares add up, drop with their channel, and say what they should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import woc_sim
from woc_sim.ensemble.replays import Game, Played, combinations_of, orders_of
from woc_sim.ensemble.run import run_rows
from woc_sim.ensemble.why import (
    SETTING,
    Why,
    game_of,
    order_errors,
    outcomes_of,
    paragraph,
    shares_of,
    split,
    why,
)
from woc_sim.errors import UserError
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.scenario.parse import parse
from woc_sim.scenario.schema import PROCESSES, Intervention, Scenario

SMALL = parse({"people": 120, "months": 48, "seed": 5, "size": "small", "executive": "conservative"})[0]
OTHER = replace(
    parse({"people": 120, "months": 48, "seed": 5, "size": "small", "executive": "progressive"})[0],
    interventions=(Intervention("courses", 6, 48, 1.0),),
)
READINGS = ("mipex_total", "lg_degree", "belonging", "mean_language")
FEW = ("policy", "relations", "language+contact", "people")


def made_up(
    game: Game, value: Callable[[frozenset[str]], float], replicate: int = 0, first: float = 0.0
) -> Played:
    """A replicate whose values are a function of the free channels."""
    every = [frozenset(each) for n in range(len(game.players) + 1) for each in combinations(game.players, n)]
    wanted = combinations_of(game, replicate)
    values = {free: np.array([value(free)]) for free in every if free in wanted}
    last = np.array([value(frozenset(game.players))])
    return Played(replicate, np.array([first]), last, values)


def game(*channels: str, pairs: int = 1) -> Game:
    return game_of(SMALL, OTHER, ("mipex_total",), channels or None, pairs=pairs)


def test_shares_of_a_made_up_world_are_shapleys() -> None:
    """Policy adds 2 alone, contact and opinion 6 only together, work takes 1: the setting has the 0.5 that is
    there with all held."""

    def value(free: frozenset[str]) -> float:
        both = {"contact", "opinion"} <= free
        return 0.5 + 2.0 * ("policy" in free) + 6.0 * both - 1.0 * ("work" in free)

    asked = game("policy", "contact", "opinion", "work", "voice")
    found = {name: float(share[0]) for name, share in shares_of(asked, made_up(asked, value)).items()}
    assert found == pytest.approx(
        {SETTING: 0.5, "policy": 2.0, "contact": 3.0, "opinion": 3.0, "work": -1.0, "voice": 0.0}
    )
    assert found["voice"] == 0.0


def test_drawn_orders_come_with_their_reverse_and_depend_on_names_alone() -> None:
    asked = game(pairs=2)
    orders = orders_of(asked, 4)
    assert len(orders) == 4
    assert orders[1] == orders[0][::-1]
    assert orders[2] != orders[0]
    assert orders_of(asked, 5) != orders
    assert [name for name in orders[0] if name != "policy"] == list(
        orders_of(replace(asked, hold=frozenset({"policy"})), 4)[0]
    )
    assert not orders_of(game(*FEW), 4)
    assert len(combinations_of(game(*FEW), 4)) == 16


def test_the_error_of_drawn_orders_is_zero_where_channels_do_not_interact_and_covers_the_truth() -> None:
    asked = game(pairs=3)
    additive = made_up(asked, lambda free: float(len(free)))
    errors = {name: float(each[0]) for name, each in order_errors(asked, [additive]).items()}
    assert errors == dict.fromkeys((SETTING, *asked.players), 0.0)
    together = [
        made_up(asked, lambda free: 6.0 * ({"contact", "opinion"} <= free), replicate)
        for replicate in range(30)
    ]
    found = split(asked, together).shares.set_index("channel")
    for name in ("contact", "opinion"):
        row = found.loc[name]
        assert row["share"] == pytest.approx(3.0, abs=1e-9), "an order and its reverse share evenly"
        assert row["order_error"] > 0.0
    assert found.loc["policy", "share"] == 0.0


@pytest.fixture(scope="module")
def exact() -> Why:
    return why(game_of(SMALL, OTHER, READINGS, FEW), 3)


@pytest.fixture(scope="module")
def drawn() -> Why:
    return why(game_of(SMALL, OTHER, READINGS), 2)


@pytest.mark.parametrize("which", ["exact", "drawn"])
def test_shares_add_up_to_the_effect_in_every_replicate(which: str, request: pytest.FixtureRequest) -> None:
    found: Why = request.getfixturevalue(which)
    for replicate, rows in found.replicates.groupby("replicate"):
        one, other = (run_rows(each, int(replicate))[0] for each in (SMALL, OTHER))
        sums = rows.groupby("reading")["share"].sum()
        for name in READINGS:
            if name in READING_NAMES:
                column = READING_NAMES.index(name)
                effect = other.readings[column] - one.readings[column]
                assert sums[name] == pytest.approx(effect, abs=1e-9)
    totals = found.shares.groupby("reading", sort=False)["share"].sum()
    np.testing.assert_allclose(totals, found.effects["effect"], atol=1e-9)
    assert found.effects["effect"].abs().gt(0.0).all()


def test_shares_go_where_the_change_is_made(exact: Why, drawn: Why) -> None:
    """The executive decides on policy, and policy is what others see of it: no reading of policy itself runs
    through language."""
    table = drawn.shares.set_index(["reading", "channel"])["share"]
    policy = drawn.effects.set_index("reading")["effect"]["mipex_total"]
    assert table["mipex_total", SETTING] > 0.5 * policy
    assert table["mean_language", SETTING] > 0.0  # the courses of the intervention
    assert set(exact.shares["channel"]) == {SETTING, *FEW}


@pytest.mark.thorough
def test_the_numbers_do_not_depend_on_the_number_of_workers(exact: Why) -> None:
    again = why(game_of(SMALL, OTHER, READINGS, FEW), 3, workers=2, progress=False)
    assert again.replicates.equals(exact.replicates)


def test_a_share_drops_with_its_channel(exact: Why) -> None:
    before = exact.shares.set_index(["reading", "channel"])["share"]
    assert before["lg_degree", "policy"] != 0.0
    held = why(game_of(SMALL, OTHER, READINGS, FEW, hold={"policy"}), 3)
    rows = held.shares[held.shares["channel"] == "policy"]
    assert (rows["share"] == 0.0).all()
    totals = held.shares.groupby("reading", sort=False)["share"].sum()
    np.testing.assert_allclose(totals, held.effects["effect"], atol=1e-9)
    assert held.effects["effect"][1] != exact.effects["effect"][1]


def test_a_share_drops_with_its_processes() -> None:
    rest = tuple(name for name in PROCESSES if name not in ("policy", "diffusion"))
    one, other = (replace(each, schedule=rest) for each in (SMALL, OTHER))
    found = why(game_of(one, other, READINGS, FEW), 2)
    assert (found.shares[found.shares["channel"] == "policy"]["share"] == 0.0).all()
    assert found.shares["share"].abs().max() > 0.0


def test_python_asks_alike() -> None:
    found = woc_sim.why(SMALL, OTHER, "mipex_total", replicates=2, channels=["policy"])
    assert list(found.shares["channel"]) == [SETTING, "policy"]
    assert found.text.startswith("mipex_total (")
    with pytest.raises(UserError, match="replicates is 1"):
        woc_sim.why(SMALL, OTHER, "mipex_total", replicates=1)
    with pytest.raises(UserError, match="reading is 3"):
        woc_sim.why(SMALL, OTHER, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "reading", "more", "told"),
    [
        (SMALL, SMALL, "mipex_total", {}, "the two scenarios are equal"),
        (
            SMALL,
            replace(OTHER, seed=6),
            "mipex_total",
            {},
            "seed is 5 in the first scenario, 6 in the second",
        ),
        (SMALL, replace(OTHER, people=100), "mipex_total", {}, "people is 120 in the first scenario, 100"),
        (SMALL, replace(OTHER, months=40), "mipex_total", {}, "months is 48"),
        (SMALL, replace(OTHER, schedule=PROCESSES[:-1]), "mipex_total", {}, "different processes"),
        (SMALL, OTHER, "mipex", {}, "there is no reading or indicator 'mipex'"),
        (SMALL, OTHER, "mipex_total", {"channels": ("polcy",)}, "there is no channel 'polcy'"),
        (SMALL, OTHER, "mipex_total", {"channels": ("work",), "hold": ("policy",)}, "hold is 'policy'"),
    ],
)
def test_what_cannot_be_split_is_refused_in_a_sentence(
    first: Scenario, second: Scenario, reading: str, more: dict[str, Any], told: str
) -> None:
    with pytest.raises(UserError) as raised:
        game_of(first, second, (reading,), **more)
    assert told in raised.value.sentence


def test_all_stands_for_every_reading_and_names_count_once() -> None:
    assert outcomes_of(("all",)) == READING_NAMES
    assert outcomes_of(("belonging", "mipex_total", "belonging")) == ("belonging", "mipex_total")
    with pytest.raises(UserError, match="no reading or indicator is named"):
        outcomes_of(())


def test_words_say_what_carries_the_effect_what_works_against_it_and_what_chance_may_have_made() -> None:
    asked = game("policy", "contact")

    def value(replicate: int) -> Callable[[frozenset[str]], float]:
        spread = 0.1 * replicate
        return lambda free: 1.0 + (5.0 + spread) * ("policy" in free) - 2.0 * ("contact" in free)

    found = split(asked, [made_up(asked, value(each), each) for each in range(4)])
    assert "in the first scenario" in found.text
    assert "It comes from policy and know-how (+5.15, 124 % of it), the setting itself (+1, 24 % of it)." in (
        found.text
    )
    assert "Against it work contact and ties (-2, 48 % of it)." in found.text
    assert "chance" not in found.text
    nothing = split(asked, [made_up(asked, lambda free: 0.0, each) for each in range(4)])
    assert nothing.text.endswith("There is nothing to split.")
    noise = split(asked, [made_up(asked, lambda free, up=up: up, 0) for up in (-1.0, 1.5)])
    assert "chance alone may have made this effect" in noise.text
    unknown = split(asked, [made_up(asked, lambda free: float("nan"), each) for each in range(2)])
    row = unknown.effects.to_dict("records")[0]
    assert paragraph(row, unknown.shares).endswith("is not known in both scenarios.")
    assert row["n"] == 0
