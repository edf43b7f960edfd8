"""Attitudes: contact, threat, cues and talk move them, each in the direction that its theory says."""

from collections.abc import Callable

import numpy as np
import pytest
from towns import set_all, with_migrants
from worlds import live, small_locality

from woc_sim.rules.attention import FADING, STEADY
from woc_sim.rules.contact import NO_CONTACT, UNMODERATED
from woc_sim.rules.decline import SILENT
from woc_sim.rules.deservingness import BY_GROUP, COMMON
from woc_sim.rules.threat import NO_THREAT, THREAT_STOCK
from woc_sim.world.locality import Locality
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN


def moved(change: Callable[[Locality], object], months: int = 24, **options: object) -> float:
    """Mean attitude after some months, less the same months without the change."""
    quiet = {"attitudes.noise": 0.02, "attitudes.spill": 0.2}

    def mean(apply: bool) -> float:
        locality = small_locality(600, parameters=quiet, **options)  # type: ignore[arg-type]
        if apply:
            change(locality)
        live(locality, range(months), ["attitudes"])
        return float(locality.residents.attitude_to[NON_EUROPEAN].mean())

    return mean(True) - mean(False)


def test_the_sign_of_contact_is_the_sign_of_the_meetings() -> None:
    assert moved(lambda town: set_all(town, "residents.good_with.non_european", 4.0)) > 0.02
    assert moved(lambda town: set_all(town, "residents.bad_with.non_european", 4.0)) < -0.02
    assert (
        moved(
            lambda town: set_all(town, "residents.good_with.non_european", 4.0),
            theories={"contact": NO_CONTACT},
        )
        == 0.0
    )


def arrivals_felt(town: Locality) -> None:
    town.row.arrival_rate[0] = 0.03
    town.row.politicisation[0] = 1.0
    town.row.tightness[0] = 0.1
    town.row.vacancy[0] = 0.0


def test_threat_needs_arrivals_politicisation_and_scarcity() -> None:
    def politicised(town: Locality) -> None:
        arrivals_felt(town)
        town.row.arrival_rate[0] = 0.0

    def calm(town: Locality) -> None:
        arrivals_felt(town)
        town.row.politicisation[0] = 0.0

    base = {"rrp": 0.2, "politicisation": 0.0}
    felt = moved(arrivals_felt, **base)
    assert felt < moved(politicised, **base)
    assert moved(calm, **base) == 0.0
    assert moved(arrivals_felt, theories={"threat": NO_THREAT}, **base) == moved(politicised, **base)
    stock = moved(arrivals_felt, theories={"threat": THREAT_STOCK}, migrant_share=0.05, **base)
    assert stock < moved(politicised, **base)


def test_decline_is_felt_where_people_leave_and_media_speak() -> None:
    """No arrivals are needed; in a growing place, in silence and without the theory there is no grievance."""

    def spoken(town: Locality) -> None:
        town.row.media[0] = 0.6

    def of(trend: float, change: Callable[[Locality], object] = spoken, **theories: int) -> float:
        return moved(change, trend=trend, theories=theories)

    assert of(-0.01) < of(-0.002) < 0.0
    assert of(0.01) == 0.0
    assert of(-0.01, lambda _: None) == 0.0
    assert of(-0.01, decline=SILENT) == 0.0


def test_cues_turn_with_the_executive() -> None:
    def loud(town: Locality) -> None:
        town.row.politicisation[0] = 1.0

    assert moved(loud, executive_ideology=0.7) > 0.0 > moved(loud, executive_ideology=-0.7)


def test_attitudes_are_stable_over_a_year() -> None:
    """M9: correlations from year to year stay above .8, also when people talk."""
    locality = small_locality(2000)
    live(locality, range(36), ["attitudes"])
    before = locality.residents.attitude_to[NON_EUROPEAN].copy()
    live(locality, range(36, 48), ["attitudes"])
    assert np.corrcoef(before, locality.residents.attitude_to[NON_EUROPEAN])[0, 1] > 0.8


def test_sympathy_for_one_group_carries_over_to_the_other() -> None:
    def war(town: Locality) -> None:
        town.row.arriving[UKRAINIAN, 0] = 0.1

    assert moved(war, months=6) > 0.0


def test_influence_pulls_friends_together() -> None:
    def between(influence: int) -> float:
        locality = small_locality(
            1000, theories={"influence": influence}, parameters={"attitudes.noise": 0.02}
        )
        live(locality, range(60), ["attitudes"])
        residents = locality.residents
        person = np.repeat(np.arange(len(residents)), residents.link_count)
        return float(
            np.abs(
                residents.attitude_to[NON_EUROPEAN][person]
                - residents.attitude_to[NON_EUROPEAN][locality.links.other]
            ).mean()
        )

    assert between(0) < between(2)


def felt(change: Callable[[Locality], object], column: str = "belonging", months: int = 18) -> float:
    locality = with_migrants(parameters={"experience.leave": 0.002})
    change(locality)
    live(locality, range(30, 30 + months), ["experience"])
    rows = locality.migrants
    return float(getattr(rows, column)[(rows.present == 1) & (rows.group != UKRAINIAN)].mean())


@pytest.mark.parametrize("theory", [UNMODERATED, NO_CONTACT])
def test_rival_theories_of_contact_change_attitudes(theory: int) -> None:
    def attitudes(contact: int) -> np.ndarray:
        locality = small_locality(400, asylum_share=12.0, theories={"contact": contact})
        return live(locality, range(36, 60)).residents.attitude_to[NON_EUROPEAN].copy()

    assert not np.array_equal(attitudes(0), attitudes(theory))


def after_a_wave(theory: int, rally: float, months: int) -> float:
    """Mean attitude to war refugees some months after a wave of them."""
    locality = small_locality(400, theories={"attention": theory}, parameters={"attitudes.rally": rally})
    for month in range(months):
        locality.row.arriving[UKRAINIAN, 0] = 0.2 if month < 3 else 0.0
        live(locality, [month], ["attitudes"])
    return float(locality.residents.attitude_to[UKRAINIAN].mean())


def test_a_rally_of_sympathy_ebbs_and_takes_no_more_than_it_brought() -> None:
    assert after_a_wave(FADING, 0.5, 1) == after_a_wave(STEADY, 0.5, 1)
    never, steady, fading = (
        after_a_wave(theory, rally, 15) for theory, rally in ((STEADY, 0.0), (STEADY, 0.5), (FADING, 0.5))
    )
    assert never < fading < never + 0.6 * (steady - never)
    assert after_a_wave(FADING, 0.0, 15) == never


def judged(theory: int, seen: float, gain: float = 0.02, part: float = 1.0) -> float:
    """Mean attitude to a group of which residents see this much of each criterion."""
    locality = small_locality(
        400, theories={"deservingness": theory}, parameters={"deservingness.gain": gain}
    )
    for column in ("seen_protected", "seen_grateful", "seen_working", "seen_needy"):
        locality.row.buffer(column)[NON_EUROPEAN, 0] = seen
    locality.row.group_part[NON_EUROPEAN, 0] = part
    live(locality, range(12), ["attitudes"])
    return float(locality.residents.attitude_to[NON_EUROPEAN].mean())


def test_attitudes_follow_how_deserving_a_group_seems() -> None:
    common = judged(COMMON, 1.0)
    assert judged(COMMON, 0.0) == common
    assert judged(BY_GROUP, 1.0) > common + 0.01
    assert judged(BY_GROUP, 0.0) < common - 0.01
    assert judged(BY_GROUP, 1.0, gain=0.0) == common
    assert judged(BY_GROUP, 1.0, part=0.0) == common  # nobody judges a group of which nobody is there
