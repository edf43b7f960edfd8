"""Each process of the person side moves something, and its effect turns where the state says so."""

from collections.abc import Callable

import numpy as np
import pytest
from worlds import PEOPLE, bind, live, small_locality, snapshot

from woc_sim.inputs.organisations import level_code
from woc_sim.processes import calendar
from woc_sim.rules.contact import NO_CONTACT, UNMODERATED
from woc_sim.rules.demography import ENDOGENOUS
from woc_sim.rules.threat import NO_THREAT, THREAT_STOCK
from woc_sim.world.locality import Locality
from woc_sim.world.people import (
    EMPLOYED,
    NON_EUROPEAN,
    PRIVATE,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    REFUSED,
    UKRAINIAN,
)
from woc_sim.world.places import VOLUNTEERING, WORKPLACE


def with_migrants(persons: int = 600, migrants: int = 120, **covariates: float) -> Locality:
    """A town with non-European adults of working age, protected and still in reception."""
    locality = small_locality(persons, **covariates)
    rows = locality.migrants
    rows.append(migrants)
    rows.entity[:] = np.arange(migrants, dtype=np.uint64)
    rows.present[:] = 1
    rows.status[:] = PROTECTED
    rows.age[:] = 30.0
    rows.language[:] = 0.4
    rows.known[:] = 0.5
    rows.arrival[:] = 1
    return locality


def set_all(locality: Locality, dotted: str, value: float) -> Locality:
    owner, _, column = dotted.partition(".")
    locality.sets[owner].buffer(column)[:] = value
    return locality


# ---- calendar


def test_calendar_brings_2015_covid_and_2022() -> None:
    locality = small_locality(60)
    names = {"asylum": "arriving.non_european", "ukrainians": "arriving.ukrainian", "meetings": "meetings"}
    seen = {}
    for month in (24, 45, 99, 100, 123):
        live(locality, [month], ["calendar"])
        seen[month] = {name: locality.value(column) for name, column in names.items()}
    assert seen[45]["asylum"] > 2.0 * seen[24]["asylum"]
    assert seen[100]["meetings"] < 0.6 < seen[24]["meetings"] == 1.0
    assert seen[123]["ukrainians"] > 0.1 > seen[45]["ukrainians"] == 0.0


def test_calendar_counts_against_the_years_of_its_inputs() -> None:
    months = calendar.months_of_calendar()
    assert sum(month[0][NON_EUROPEAN] for month in months[24:120]) / 96 == pytest.approx(1.0)
    assert sum(month[0][UKRAINIAN] for month in months[:132]) == pytest.approx(1.0)


def test_shocks_scale_the_calendar() -> None:
    locality = small_locality(60, shocks={"asylum": 0.0, "covid": 0.0, "ukrainians": 2.0})
    live(locality, [100], ["calendar"])
    assert locality.value("arriving.non_european") == 0.0
    assert locality.value("meetings") == 1.0


def test_nation_and_region_stand_where_their_majorities_stand() -> None:
    """Austria changes from a grand coalition to one with the radical right in December 2017 (W9)."""
    locality = small_locality(60, framework="AT")
    level, ideology = locality.organisations.level, locality.organisations.ideology
    nation = int(np.flatnonzero(level == level_code("nation"))[0])
    others = ~np.isin(level, (level_code("nation"), level_code("region")))
    before, founded = ideology.copy(), float(locality.organisations.own[nation])
    live(locality, [70], ["calendar"])
    assert ideology[nation] == before[nation] == pytest.approx(founded)
    live(locality, [71], ["calendar"])
    assert locality.value("nation_ideology") == -0.75
    assert ideology[nation] == pytest.approx(max(-1.0, founded - 0.75))
    np.testing.assert_array_equal(ideology[others], before[others])


def test_regions_of_unknown_colour_are_drawn_inside_their_band() -> None:
    drawn = {small_locality(60, replicate=number).value("region_ideology") for number in range(12)}
    assert len(drawn) == 12
    assert all(-0.25 <= stance <= 0.5 for stance in drawn)
    known = {small_locality(60, framework="BE-WAL", replicate=n).value("region_ideology") for n in range(3)}
    assert known == {0.5}


def test_an_election_changes_who_governs_and_nobody_else() -> None:
    locality = small_locality(400, theories={"elections": ENDOGENOUS}, executive_ideology=0.6, rrp=0.1)
    executive = locality.organisations.head == 1
    before = locality.organisations.ideology.copy()
    locality.residents.leaning[:] = 0.3  # to the right: nearer to the opposition, and not radical
    live(locality, [60], ["demography"])
    assert locality.value("executive_ideology") < 0.3
    assert np.all(locality.organisations.ideology[executive] == locality.value("executive_ideology"))
    np.testing.assert_array_equal(locality.organisations.ideology[~executive], before[~executive])


def test_the_calendar_ends() -> None:
    with pytest.raises(ValueError, match="2023-12"):
        live(small_locality(60), [144], ["calendar"])


# ---- arrivals


def arrived(**covariates: float) -> int:
    locality = live(small_locality(2000, **covariates), range(24, 60), ["calendar", "arrivals"])
    return len(locality.migrants)


def test_arrivals_follow_the_quota_and_an_executives_openness() -> None:
    mean = arrived(asylum_share=4.0, openness=0.0)
    expected = 4.0 / 1000 * 2000 * 3 * 1.35
    assert 0.7 * expected < mean < 1.5 * expected
    assert arrived(asylum_share=4.0, openness=-1.0) < mean < arrived(asylum_share=4.0, openness=1.0)


def test_keys_of_migrants_are_unique_and_outlive_other_arrivals() -> None:
    few, many = (
        live(small_locality(1000, asylum_share=share), range(24, 72), ["calendar", "arrivals"]).migrants
        for share in (4.0, 12.0)
    )
    assert len(set(many.entity.tolist())) == len(many)
    shared = set(few.entity.tolist()) & set(many.entity.tolist())
    assert len(shared) > 0.7 * len(few)
    for entity in shared:
        a, b = int(np.flatnonzero(few.entity == entity)[0]), int(np.flatnonzero(many.entity == entity)[0])
        assert few.age[a] == many.age[b]
        assert few.skill[a] == many.skill[b]


def test_procedures_end_as_waiting_has_it_and_ukrainians_wait_not_at_all() -> None:
    short, long = (
        live(small_locality(2000, asylum_share=8.0, waiting=waiting), range(40, 60), ["calendar", "arrivals"])
        for waiting in (2.0, 30.0)
    )
    assert np.mean(short.migrants.status == PROCEDURE) < 0.4 < np.mean(long.migrants.status == PROCEDURE)
    assert np.any(short.migrants.status == REFUSED)
    late = live(
        small_locality(2000, ukrainian_share=20.0), range(121, 126), ["calendar", "arrivals"]
    ).migrants
    guests = late.group == UKRAINIAN
    assert guests.sum() > 10
    assert np.all(late.status[guests] == PROTECTED)
    assert late.female[guests & (late.age >= 18)].mean() > 0.5


def test_reception_gains_by_help_and_loses_by_restriction() -> None:
    def quality(public: float, harm: float) -> float:
        locality = small_locality(200)
        locality.sectors.public[0] = public
        locality.sectors.restrictive[0] = harm
        return live(locality, range(24), ["calendar", "arrivals"]).value("reception_quality")

    assert quality(0.0, 0.8) < quality(0.0, 0.0) < quality(0.8, 0.0)


def test_families_follow_protected_sponsors() -> None:
    locality = with_migrants(asylum_share=0.0)
    set_all(locality, "migrants.family", 1)
    live(locality, range(24, 48), ["calendar", "arrivals"])
    assert len(locality.migrants) > 125
    assert np.all(locality.migrants.family[120:] == 2)


# ---- demography


def test_the_population_follows_its_trend() -> None:
    for trend in (-0.01, 0.01):
        locality = live(small_locality(100, trend=trend), range(120), ["demography"])
        assert locality.value("residents_now") / 20000 == pytest.approx(1 + 10 * trend, abs=0.01)


def test_composition_stays_while_people_change() -> None:
    locality = small_locality(2000)
    before = snapshot(locality)
    live(locality, range(120), ["demography"])
    residents = locality.residents
    replaced = residents.since >= 0
    assert 0.2 < replaced.mean() < 0.7
    assert len(set(residents.entity.tolist())) == 2000
    stages = [
        np.bincount(np.digitize(ages, [18, 66]), minlength=3)
        for ages in (before["residents.age"], residents.age)
    ]
    assert np.array_equal(stages[0], stages[1])
    assert np.array_equal(before["residents.leaning"], residents.leaning)
    assert np.array_equal(
        before["residents.attitude_to"][NON_EUROPEAN][~replaced],
        residents.attitude_to[NON_EUROPEAN][~replaced],
    )
    assert (
        abs(residents.attitude_to[NON_EUROPEAN].mean() - before["residents.attitude_to"][NON_EUROPEAN].mean())
        < 0.04
    )


def test_old_migrants_die_and_books_count_them() -> None:
    locality = with_migrants()
    set_all(locality, "migrants.age", 85.0)
    live(locality, range(60), ["demography"])
    rows = locality.migrants
    assert 0 < locality.value("deaths") == np.count_nonzero(rows.present == 0)
    assert np.all((rows.left >= 0) == (rows.present == 0))


def test_seats_follow_opinion_only_where_elections_are_endogenous() -> None:
    def council(change: float, elections: int) -> tuple[float, float]:
        locality = small_locality(2000, rrp=0.2, executive_ideology=0.2, theories={"elections": elections})
        locality.residents.attitude_to[NON_EUROPEAN][:] = np.clip(
            locality.residents.anchor_to[NON_EUROPEAN] + change, -1, 1
        )
        turn = bind(locality, ["demography"])[0]
        turn.step(60)
        assert locality.blocs.seats.sum() == pytest.approx(1.0, abs=0.02)
        return locality.value("rrp"), locality.value("executive_ideology")

    assert council(-0.4, 0) == (0.2, 0.2)
    hostile, friendly = council(-0.4, ENDOGENOUS), council(0.4, ENDOGENOUS)
    assert hostile[0] > 0.2 > friendly[0]
    assert hostile[1] <= friendly[1]
    assert council(0.0, ENDOGENOUS)[0] == pytest.approx(0.2, abs=0.06)


# ---- work


def jobs(
    change: Callable[[Locality], object] = lambda _: None, months: int = 24, **covariates: float
) -> float:
    locality = with_migrants(**covariates)
    change(locality)
    live(locality, range(30, 30 + months), ["work"])
    workers = np.bincount(
        locality.migrants.workplace[locality.migrants.workplace >= 0], minlength=len(locality.places)
    )
    assert np.array_equal(workers, locality.places.migrant_workers)
    return float(np.mean(locality.migrants.job > 0))


def test_jobs_follow_market_language_right_and_help() -> None:
    mean = jobs(unemployment_base=0.08)
    assert 0.05 < mean < 0.9
    assert jobs(unemployment_base=0.18) < mean < jobs(unemployment_base=0.04)
    assert jobs(lambda town: set_all(town, "migrants.language", 0.0)) < mean
    assert jobs(lambda town: set_all(town, "migrants.status", REFUSED)) == 0.0
    assert jobs(lambda town: set_all(town, "sectors.public", 1.0)) > jobs(
        lambda town: set_all(set_all(town, "sectors.public", 0.0), "sectors.higher", 0.0)
    )


def test_hostile_employers_hire_less_and_it_turns_with_their_attitude() -> None:
    """M17: attitudes in a place reach its labour market, through those who hire."""
    hostile, friendly = (
        jobs(lambda town, value=value: set_all(town, "residents.attitude_to.non_european", value))
        for value in (-0.8, 0.8)
    )
    assert hostile < 0.75 * friendly


def test_a_slump_costs_jobs() -> None:
    def employed(meetings: float) -> float:
        locality = with_migrants(migrants=200)
        set_all(locality, "migrants.job", EMPLOYED)
        first = int(np.flatnonzero(locality.places.kind == WORKPLACE)[0])
        set_all(locality, "migrants.workplace", first)
        locality.places.migrant_workers[first] = 200
        set_all(locality, "locality.meetings", meetings)
        live(locality, range(24), ["work"])
        return float(np.mean(locality.migrants.job > 0))

    assert employed(0.2) < employed(1.0) < 1.0


# ---- housing


def housed(change: Callable[[Locality], object] = lambda _: None, **covariates: float) -> float:
    locality = with_migrants(**covariates)
    change(locality)
    live(locality, range(24), ["housing"])
    return float(np.mean(locality.migrants.housing == PRIVATE))


def test_homes_are_easier_to_find_where_people_leave() -> None:
    """The trade-off of jobs and homes: nothing but trend and building decides on vacancy (S64)."""
    assert housed(trend=-0.01) > housed(trend=0.0) > housed(trend=0.01)


def test_hostile_landlords_let_less_and_brokers_open_doors() -> None:
    hostile = housed(lambda town: set_all(town, "residents.attitude_to.non_european", -0.9))
    assert hostile < housed(lambda town: set_all(town, "residents.attitude_to.non_european", 0.9))

    def helped(town: Locality) -> None:
        set_all(town, "residents.attitude_to.non_european", -0.9)
        set_all(town, "sectors.public", 1.0)

    assert hostile < housed(helped)


def test_building_follows_and_vacancy_falls_in_growing_towns() -> None:
    locality = small_locality(200, trend=0.008)
    before = snapshot(locality)
    live(locality, range(96), ["housing"])
    assert locality.value("dwellings") > before["locality.dwellings"][0]
    assert locality.value("vacancy") < before["locality.vacancy"][0]
    assert 0.0 <= locality.value("empty_stock") < 0.5


# ---- learning


def learnt(change: Callable[[Locality], object] = lambda _: None) -> float:
    locality = with_migrants()
    change(locality)
    live(locality, range(18), ["learning"])
    return float(locality.migrants.language.mean())


def test_language_follows_courses_work_and_talk_and_waiting_hurts() -> None:
    def bare(town: Locality) -> Locality:
        set_all(town, "sectors.higher", 0.0)
        return set_all(town, "migrants.language", 0.1)

    mean = learnt(bare)
    assert mean > 0.1
    assert learnt(lambda town: set_all(bare(town), "sectors.public", 1.0)) > mean
    assert learnt(lambda town: set_all(bare(town), "migrants.job", EMPLOYED)) > mean
    assert learnt(lambda town: set_all(bare(town), "migrants.contact", 10.0)) > mean
    assert learnt(lambda town: set_all(bare(town), "migrants.status", PROCEDURE)) < mean


def test_unknown_courses_teach_nobody() -> None:
    def town_with(public: float) -> Locality:
        locality = with_migrants(parameters={"learning.known_rate": 0.03})
        set_all(locality, "migrants.known", 0.0)
        set_all(locality, "sectors.public", public)
        set_all(locality, "sectors.higher", 0.0)
        return live(locality, [0], ["learning"])

    assert np.array_equal(town_with(1.0).migrants.language, town_with(0.0).migrants.language)


# ---- encounters


def test_meetings_happen_where_places_are_shared() -> None:
    locality = with_migrants()
    live(locality, range(3), ["encounters"])
    without = locality.encounters.hours_total.copy()
    assert without[WORKPLACE] == without[VOLUNTEERING] == 0.0
    first = int(np.flatnonzero(locality.places.kind == WORKPLACE)[0])
    set_all(locality, "migrants.workplace", first)
    locality.residents.volunteer[:40] = 5.0
    live(locality, range(3, 12), ["encounters"])
    assert locality.encounters.hours_total[WORKPLACE] > 0.0
    assert locality.encounters.hours_total[VOLUNTEERING] > 0.0
    colleagues = locality.migrants.met[locality.migrants.met_place == WORKPLACE]
    assert np.all(locality.residents.workplace[colleagues] == first)
    assert np.all(locality.migrants.helper < 40)


def test_both_sides_of_a_meeting_agree() -> None:
    locality = live(with_migrants(), [5], ["encounters"])
    rows = locality.migrants
    good = rows.met_hours[rows.met_good == 1].sum()
    assert (
        good
        == pytest.approx(locality.residents.good_with[NON_EUROPEAN].sum())
        == pytest.approx(rows.good.sum())
    )
    assert locality.encounters.good.sum() == np.count_nonzero(rows.met_good)
    assert locality.encounters.bad.sum() == np.count_nonzero((rows.met >= 0) & (rows.met_good == 0))


def share_bad(attitude: float, public: float, contact: int = 0) -> float:
    locality = with_migrants(theories={"contact": contact})
    set_all(locality, "residents.attitude_to.non_european", attitude)
    set_all(locality, "sectors.public", public)
    live(locality, range(24), ["encounters"])
    bad, good = locality.encounters.bad_total.sum(), locality.encounters.good_total.sum()
    return float(bad / (bad + good))


def test_meetings_turn_bad_with_hostility_and_authorities_moderate_them() -> None:
    assert share_bad(0.6, 0.0) < share_bad(0.0, 0.0) < share_bad(-0.6, 0.0)
    assert share_bad(0.0, 1.0) < share_bad(0.0, 0.0)
    assert share_bad(0.0, 0.0) < 0.25  # good contact is far more frequent (M4)


def test_covid_keeps_people_apart() -> None:
    hours = []
    for meetings in (1.0, 0.3):
        locality = set_all(with_migrants(), "locality.meetings", meetings)
        hours.append(live(locality, range(6), ["encounters"]).encounters.hours_total.sum())
    assert hours[1] < 0.6 * hours[0]


# ---- ties


def test_ties_come_from_good_contact_and_end_without_it() -> None:
    locality = with_migrants()
    locality.residents.volunteer[:100] = 6.0
    live(locality, range(24), ["encounters", "ties"])
    made = np.count_nonzero(locality.migrants.tie >= 0)
    assert made > 5
    set_all(locality, "migrants.met", -1)
    set_all(locality, "migrants.met_good", 0)
    live(locality, range(24, 84), ["ties"])
    assert np.count_nonzero(locality.migrants.tie >= 0) < 0.6 * made


def test_hostile_towns_make_fewer_ties() -> None:
    counts = []
    for attitude in (-0.8, 0.8):
        locality = set_all(with_migrants(), "residents.attitude_to.non_european", attitude)
        locality.residents.volunteer[:100] = 6.0
        live(locality, range(18), ["encounters", "ties"])
        counts.append(np.count_nonzero(locality.migrants.tie >= 0))
    assert counts[0] < counts[1]


def test_a_friend_who_is_gone_is_no_tie() -> None:
    locality = with_migrants()
    locality.migrants.tie[:, 0] = 7
    locality.migrants.tie_month[:, 0] = 3
    locality.residents.since[7] = 5
    live(locality, [6], ["ties"])
    assert np.all(locality.migrants.tie != 7)


# ---- attitudes


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


# ---- experience


def felt(change: Callable[[Locality], object], column: str = "belonging", months: int = 18) -> float:
    locality = with_migrants(parameters={"experience.leave": 0.002})
    change(locality)
    live(locality, range(30, 30 + months), ["experience"])
    rows = locality.migrants
    return float(getattr(rows, column)[(rows.present == 1) & (rows.group != UKRAINIAN)].mean())


def nothing(_: Locality) -> None:
    return None


def test_belonging_turns_with_what_people_have_and_meet() -> None:
    mean = felt(nothing)
    assert felt(lambda town: set_all(town, "migrants.housing", PRIVATE)) > mean
    assert felt(lambda town: set_all(town, "migrants.tie", 3)) > mean
    assert felt(lambda town: set_all(town, "migrants.events", 1.0)) < mean
    assert felt(lambda town: set_all(town, "sectors.restrictive", 1.0)) < mean
    assert felt(lambda town: set_all(town, "migrants.tie", 3), "loneliness") < felt(nothing, "loneliness")
    assert felt(lambda town: set_all(town, "migrants.status", PROCEDURE), "trust") < felt(nothing, "trust")


def with_ukrainians(housing: int, job: int, status: int) -> Callable[[Locality], None]:
    def change(town: Locality) -> None:
        rows = town.migrants
        rows.group[:30] = UKRAINIAN
        rows.housing[:30] = housing
        rows.job[:30] = job
        rows.status[30:] = status
        town.row.landlords_prefer[NON_EUROPEAN, 0] = 0.0

    return change


def test_deprivation_is_a_difference_in_treatment_and_nothing_else() -> None:
    """S96: no date and no group bonus; equal treatment leaves no deprivation even beside many Ukrainians."""
    unequal = felt(with_ukrainians(PRIVATE, EMPLOYED, PROCEDURE), "deprivation")
    equal = felt(with_ukrainians(RECEPTION, 0, PROTECTED), "deprivation")
    assert unequal > 0.2
    assert equal == 0.0
    assert felt(with_ukrainians(PRIVATE, EMPLOYED, PROCEDURE)) < felt(
        with_ukrainians(RECEPTION, 0, PROCEDURE)
    )


def left(change: Callable[[Locality], object]) -> int:
    locality = with_migrants(migrants=300)
    change(locality)
    live(locality, range(30, 66), ["experience"])
    gone = np.count_nonzero(locality.migrants.present == 0)
    assert gone == locality.value("moved_on")
    return int(gone)


def test_onward_moves_turn_with_homes_children_and_rules() -> None:
    mean = left(nothing)
    assert 10 < mean < 150
    assert left(lambda town: set_all(town, "migrants.children", 1)) < mean
    assert (
        left(lambda town: set_all(set_all(town, "migrants.housing", PRIVATE), "migrants.job", EMPLOYED))
        < mean
    )
    assert left(lambda town: set_all(town, "migrants.status", REFUSED)) > mean
    assert left(lambda town: set_all(town, "migrants.status", PROCEDURE)) < mean


def test_needs_fall_as_they_are_met_and_conflicts_follow_bad_meetings() -> None:
    locality = live(with_migrants(), [3], ["experience"])
    needs = locality.sectors.need.copy()
    assert np.all(needs[[0, 1, 2, 3, 5, 7, 8]] > 0.0)
    assert needs[8] == pytest.approx(needs[:8].mean())
    for column, value in (
        ("language", 0.9),
        ("housing", PRIVATE),
        ("job", EMPLOYED),
        ("tie", 3),
        ("known", 1.0),
    ):
        set_all(locality, f"migrants.{column}", value)
    locality.encounters.bad[:] = 20.0
    live(locality, range(4, 16), ["experience"])
    assert np.all(locality.sectors.need[[1, 2, 3, 5, 7, 8]] < needs[[1, 2, 3, 5, 7, 8]])
    assert locality.value("conflicts") > 0.3


# ---- all of them


def test_books_balance_and_bounds_hold_over_twelve_years() -> None:
    """Arrivals and births = present + moved on + died, and the indicators say so every month."""
    locality = live(small_locality(1000, asylum_share=6.0, ukrainian_share=20.0, rrp=0.3), range(144))
    rows = locality.migrants
    present = np.count_nonzero(rows.present)
    assert len(rows) == present + locality.value("moved_on") + locality.value("deaths")
    assert locality.value("births") > 0.0
    assert len(set(rows.entity.tolist())) == len(rows)
    workers = np.bincount(rows.workplace[rows.workplace >= 0], minlength=len(locality.places))
    assert np.array_equal(workers, locality.places.migrant_workers)
    for owner in locality.sets.values():
        assert owner.out_of_bounds() == []


def test_a_town_lives_the_same_life_twice_and_another_seed_another_one() -> None:
    def life(**options: int) -> dict[str, np.ndarray]:
        return snapshot(live(small_locality(300, asylum_share=8.0, **options), range(24, 40)))  # type: ignore[arg-type]

    first, again, other = life(), life(), life(seed=2)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(
        first["residents.attitude_to"][NON_EUROPEAN], other["residents.attitude_to"][NON_EUROPEAN]
    )


@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_undeclared_is_written(name: str) -> None:
    locality = live(small_locality(300, asylum_share=20.0, rrp=0.2), range(30, 42))
    turn = bind(locality, [name])[0]
    before = snapshot(locality)
    turn.step(42)
    after = snapshot(locality)
    rows = {column: len(values) for column, values in before.items()}
    changed = {
        column for column in before if not np.array_equal(before[column], after[column][: rows[column]])
    }
    assert changed <= set(turn.process.writes)
    assert changed


@pytest.mark.parametrize("theory", [UNMODERATED, NO_CONTACT])
def test_rival_theories_of_contact_change_attitudes(theory: int) -> None:
    def attitudes(contact: int) -> np.ndarray:
        locality = small_locality(400, asylum_share=12.0, theories={"contact": contact})
        return live(locality, range(36, 60)).residents.attitude_to[NON_EUROPEAN].copy()

    assert not np.array_equal(attitudes(0), attitudes(theory))
