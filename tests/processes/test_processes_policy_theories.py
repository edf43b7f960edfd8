"""Rivals in policy: each moves what it names, stands still where its state is neutral, and turns with it."""

from __future__ import annotations

import numpy as np
import pytest
from towns import lived, place
from worlds import live, small_locality, snapshot

from woc_sim.inputs.vocabulary import COMPONENTS
from woc_sim.rules.decline import NO_PULL
from woc_sim.rules.gains import APART
from woc_sim.rules.law import AS_PRACTISED
from woc_sim.rules.sharing import GUARDED
from woc_sim.rules.staff import WHOLE
from woc_sim.world.founding import municipal_measures
from woc_sim.world.locality import Locality

MEASURES = municipal_measures()
SHARES = np.array([one.shares == 1 for one in MEASURES])
BODIES = np.array([one.staff >= 1.0 for one in MEASURES])
INCLUSIVE = np.array([one.direction > 0 for one in MEASURES])


def town(theories: dict[str, int] | None = None, **given: object) -> Locality:
    return place(60, theories=theories, rrp=0.1, **given)  # type: ignore[no-untyped-call, no-any-return]


def same(one: Locality, other: Locality, but: tuple[str, ...] = ()) -> bool:
    first, second = snapshot(one), snapshot(other)
    return all(np.array_equal(first[name], second[name]) for name in first if name not in but)


def utility(locality: Locality) -> np.ndarray:
    """Utility of all measures in the first quarter."""
    live(locality, range(1), ["policy"])
    return locality.measures.utility.copy()  # type: ignore[no-any-return]


# ---- gains


def test_gains_apart_with_all_weights_one_and_echoes_counted_are_gains_together() -> None:

    def after(theories: dict[str, int] | None, echo: float) -> Locality:
        one = town(theories, executive_ideology=0.5, parameters={"gains.echo": echo})
        return lived(one, months=36)  # type: ignore[no-untyped-call, no-any-return]

    assert same(after(None, 0.0), after({"gains": APART}, 1.0))
    assert not same(after(None, 0.0), after({"gains": APART}, 0.0))


@pytest.mark.parametrize("weight", ["policy", "relations", "frames"])
def test_each_weight_moves_its_own_outcome_first(weight: str) -> None:
    """After the first month of a process nothing else has moved."""
    own = {
        "policy": ("policy", "measures.utility"),
        "relations": ("relations", "organisations.engagement"),
        "frames": ("frames", "organisations.diagnostic"),
    }
    found = []
    for value in (1.0, 2.0):
        places = {}
        for process, _ in own.values():
            one = town({"gains": APART}, parameters={f"gains.{weight}": value}, executive_ideology=0.5)
            places[process] = snapshot(live(one, range(1), [process]))
        found.append({name: places[process][column] for name, (process, column) in own.items()})
    moved = {name for name in own if not np.array_equal(found[0][name], found[1][name])}
    # frames are founded by ideology, so the weight of frames is felt where organisations read them
    assert weight in moved
    assert moved <= {weight, *(["relations", "policy"] if weight == "frames" else [])}


def test_ideology_of_policy_turns_with_the_executive_and_vanishes_without_weight() -> None:
    def parts(weight: float, stance: float) -> np.ndarray:
        one = town(
            {"gains": APART, "room": NO_PULL},
            parameters={"gains.policy": weight, "policy.mayor_spread": 0.0},
            executive_ideology=stance,
        )
        utility(one)
        return one.measures.part_own.copy()  # type: ignore[no-any-return]

    assert (parts(1.0, 0.5)[INCLUSIVE] >= 0.0).all()
    assert (parts(1.0, 0.5)[INCLUSIVE] > 0.0).any()
    assert (parts(1.0, -0.5)[INCLUSIVE] <= 0.0).all()
    assert (parts(0.0, 0.5) == 0.0).all()
    assert (parts(2.0, 0.5)[INCLUSIVE] >= parts(1.0, 0.5)[INCLUSIVE]).all()


def test_without_an_echo_parties_of_one_mind_with_the_executive_do_not_press() -> None:
    no_spread = {"organisations.bloc_spread": 0.0}
    parts = {}
    for name, theories in (("together", None), ("apart", {"gains": APART})):
        one = place(60, theories=theories, rrp=0.0, executive_ideology=0.5, parameters=no_spread)
        utility(one)
        parts[name] = one.measures.part_party.copy()
    assert abs(parts["apart"]).max() < 1e-12 < abs(parts["together"]).max()


def test_organisations_stand_as_far_apart_as_the_parameter_says() -> None:
    def spread(factor: float) -> float:
        one = town({"gains": APART}, parameters={"gains.organisations": factor})
        return float(np.ptp(one.organisations.own_ideology))

    assert spread(0.0) == 0.0
    assert spread(2.0) == pytest.approx(2.0 * spread(1.0))


# ---- staff


def test_posts_come_whole_and_a_small_hall_has_no_body_of_its_own() -> None:
    """Nothing is paid from above here and all is cheap, so that only posts are short."""

    def bodies(inhabitants: float, theories: dict[str, int] | None) -> int:
        cheap = {"policy.cost": 0.3, "policy.staff_base": 2.8, "policy.staff_per_1000": 0.05}
        one = town(theories, inhabitants=inhabitants, executive_ideology=0.7, parameters=cheap)
        one.measures.funding[:] = 0.0
        one.measures.in_force[:] = 0
        lived(one, months=96)
        if theories:
            assert float(one.value("staff")).is_integer()
        return int(one.measures.in_force[BODIES].sum())

    assert bodies(8_000.0, {"staff": WHOLE}) <= 1 < bodies(8_000.0, None)
    assert bodies(240_000.0, {"staff": WHOLE}) > bodies(8_000.0, {"staff": WHOLE})


def test_staff_follows_means_in_steps_and_holds_on() -> None:
    one = town({"staff": WHOLE}, inhabitants=120_000.0)
    seen = []
    for rate in (*np.linspace(0.02, 0.14, 13), *np.linspace(0.14, 0.02, 13)):
        one.row.unemployment[0] = rate
        live(one, [0], ["policy"])
        seen.append(one.value("staff"))
    assert all(number.is_integer() for number in seen)
    down, up = seen[:13], seen[13:][::-1]
    assert seen[0] == seen[-1] > min(seen)
    assert sum(down) > sum(up), "posts are kept on the way down and missed on the way up"


def test_generalists_do_less_than_specialists_where_the_hall_is_small() -> None:
    def effect(inhabitants: float, generalist: float) -> float:
        one = town({"staff": WHOLE}, inhabitants=inhabitants, parameters={"staff.generalist": generalist})
        one.measures.funding[:] = 0.0
        one.measures.in_force[:] = BODIES
        live(one, [0], ["policy"])
        return float(one.measures.effect[BODIES].sum() / max(1, one.measures.in_force[BODIES].sum()))

    assert effect(8_000.0, 0.2) < effect(8_000.0, 1.0)
    assert effect(8_000.0, 0.2) < effect(240_000.0, 0.2)


# ---- sharing


def test_sharing_sharing_costs_more_the_farther_those_at_the_table_stand() -> None:
    def price(ideology: float) -> np.ndarray:
        cost = []
        for theories in (None, {"sharing": GUARDED}):
            one = town(theories, executive_ideology=ideology)
            utility(one)
            cost.append(-one.measures.part_cost.copy())
        return cost[1] - cost[0]  # type: ignore[no-any-return]

    near, far = price(0.3), price(-0.9)
    assert (near[~SHARES] == 0.0).all()
    assert (near[SHARES] > 0.0).all()
    assert (far[SHARES] > near[SHARES]).all()


def test_a_guarded_government_serves_and_does_not_share() -> None:
    def in_force(theories: dict[str, int] | None) -> tuple[int, int]:
        counts = np.zeros(2)
        for replicate in range(4):
            one = lived(town(theories, executive_ideology=0.5, replicate=replicate), months=72)
            force = one.measures.in_force == 1
            counts += (force & SHARES).sum(), (force & ~SHARES).sum()
        return tuple(counts)  # type: ignore[return-value]

    strong = {"sharing": GUARDED}
    shared, served = in_force(None)
    guarded, still_served = in_force(strong)
    assert guarded < shared
    assert still_served > 0.8 * served


# ---- law


def walloon(theories: dict[str, int] | None = None, **parameters: float) -> Locality:
    given = {name.replace("_", "."): value for name, value in parameters.items()}
    return small_locality(
        60,
        framework="BE-WAL",
        inhabitants=40_000.0,
        theories=theories,
        parameters=given,
        executive_ideology=0.0,
    )


def test_where_all_law_is_practised_it_is_the_law_on_paper() -> None:
    lived_in_full = walloon({"law": AS_PRACTISED}, law_partly=1.0, law_paper=1.0)
    both = ("measures.practised",)
    assert same(live(walloon(), range(12), ["policy"]), live(lived_in_full, range(12), ["policy"]), both)
    assert not same(walloon(), walloon({"law": AS_PRACTISED}))


def test_a_duty_that_is_not_practised_does_not_bind() -> None:
    def mandate(theories: dict[str, int] | None, share: float) -> np.ndarray:
        one = walloon(theories)
        one.measures.practised[:] = share
        utility(one)
        return one.measures.part_mandate.copy()  # type: ignore[no-any-return]

    law = {"law": AS_PRACTISED}
    written = mandate(None, 0.0)
    assert written.max() > 0.0
    assert (mandate(law, 1.0) == written).all()
    assert (mandate(law, 0.0) == 0.0).all()
    half = mandate(law, 0.5)
    assert ((half >= 0.0) & (half <= written)).all()


def test_an_opening_in_practice_has_fewer_measures_and_less_provision() -> None:
    paper, practice = walloon(), walloon({"law": AS_PRACTISED})
    assert practice.measures.in_force.sum() < paper.measures.in_force.sum()
    language = COMPONENTS.index("language")
    assert practice.info["provision"][language] == 0.5 * paper.info["provision"][language] > 0.0
    assert (practice.sectors.higher <= paper.sectors.higher).all()
    without_doubt = {"framework": "PL", "inhabitants": 40_000.0}
    education = [
        small_locality(60, theories=theories, **without_doubt).measures.in_force.sum()  # type: ignore[arg-type]
        for theories in (None, {"law": AS_PRACTISED})
    ]
    assert education[0] == education[1]
