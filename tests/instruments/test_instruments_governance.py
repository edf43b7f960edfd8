"""Instruments that ask organisations: ratings, meetings, frames."""

import math

import numpy as np
import pytest

from woc_sim.instruments import frame_interviews, governance_survey, network_survey
from woc_sim.instruments.network_survey import Meetings, score
from woc_sim.instruments.sampling import interviewees
from woc_sim.instruments.summary import correlation
from woc_sim.world.people import NON_EUROPEAN

CUTS = (1.0, 4.0, 12.0, 40.0)


def _survey(place, months=144):
    meetings = Meetings(place, months)
    for month in range(months):
        meetings.record(month)
    return network_survey.read(place, interviewees(place), meetings)


def _informed(place):
    place.measures.in_force[:] = 1
    place.measures.effect[:] = 1.0
    place.organisations.initiative[:] = 1.0
    place.governance.frequency[:] = 40.0
    return place


def test_between_eight_and_sixteen_people_are_met_and_three_or_more_rate(make):
    numbers, raters = [], []
    for seed in range(40):
        place = make()
        place.seed = seed
        people = interviewees(place)
        numbers.append(len(people))
        raters.append(sum(who.rates for who in people))
        assert len({who.kind for who in people}) >= min(8, len(people))
    assert 8 <= min(numbers) < max(numbers) <= 16
    assert min(raters) >= 3
    assert 8.5 <= np.mean(raters) <= 11.0


def test_higher_levels_and_the_gone_are_not_interviewed(place):
    place.organisations.active[4] = 0
    kinds = {who.kind for who in interviewees(place)}
    assert not kinds & {11, 12, 13}
    assert all(who.organisation != 4 for who in interviewees(place))


def test_without_information_everybody_gives_the_midpoint(place):
    place.measures.in_force[:] = 0
    place.organisations.initiative[:] = 0
    place.organisations.belief[:] = -1.0
    found = governance_survey.read(place, interviewees(place))
    assert found["perceived_integration"] == found["perceived_attitudes"] == 3.0
    assert found["perceived_integration_sd"] == 0.0
    assert found["latent_information"] == 0.0


def test_informed_raters_see_what_is_there(make):
    good, bad = _informed(make()), _informed(make())
    for place, level in ((good, 1), (bad, 0)):
        people = place.migrants
        people.language[:] = level
        people.job[:] = 2 * level
        people.housing[:] = 3 * level
        people.tie[:] = 5 if level else -1
        people.discrimination[:] = 0.0 if level else 9.0
    high, low = (governance_survey.read(place, interviewees(place)) for place in (good, bad))
    assert high["perceived_integration"] > 3.5 > 2.5 > low["perceived_integration"]
    assert high["latent_integration"] > 0.0 > low["latent_integration"]
    assert high["perceived_attitudes"] == low["perceived_attitudes"]


def test_what_is_seen_depends_on_the_frame(make):
    """Jobs for all but no ties: self-sufficiency sees success where participation sees failure."""
    seen = []
    for frame in (3, 0):
        place = _informed(make())
        place.migrants.job[:] = 2
        place.migrants.tie[:] = -1
        place.organisations.diagnostic[:] = 0.0
        place.organisations.diagnostic[:, frame] = 1.0
        place.parameters["instruments.attention"] = 0.01
        seen.append(governance_survey.read(place, interviewees(place))["perceived_integration"])
    assert seen[0] > seen[1]


def test_children_are_not_missed_at_work(make):
    seen = []
    for age in (30.0, 10.0):
        place = _informed(make())
        place.migrants.job[:] = 0
        place.migrants.age[:40] = age
        place.migrants.age[40:] = 10.0
        seen.append(governance_survey.read(place, interviewees(place))["latent_integration"])
    assert seen[1] > seen[0]


def test_belief_moves_the_rating_of_attitudes(make):
    ratings = []
    for belief in (-0.6, 0.6):
        place = _informed(make())
        place.organisations.belief[:] = belief
        ratings.append(governance_survey.read(place, interviewees(place))["perceived_attitudes"])
    assert ratings[1] > ratings[0] + 1.0


def test_one_halo_colours_both_answers(make):
    def together(halo):
        pairs = []
        for seed in range(30):
            place = _informed(make())
            place.seed = seed
            place.parameters["instruments.halo"] = halo
            pairs += [
                (each.integration, each.attitudes)
                for each in governance_survey.ratings(place, interviewees(place))
            ]
        return correlation([a for a, _ in pairs], [b for _, b in pairs])

    assert together(1.2) > together(0.0) + 0.25


def test_gaps_of_belief_are_measured_against_the_residents(place):
    place.organisations.belief[:] = -0.2
    place.organisations.belief[3] = -0.8
    place.row.rrp[0] = 0.25
    place.residents.attitude_to[NON_EUROPEAN][:] = 0.1
    found = governance_survey.read(place, interviewees(place))
    assert found["belief_gap"] == pytest.approx(-0.3)
    assert found["belief_politicians"] == pytest.approx(0.75 * -0.2 + 0.25 * -0.8)
    assert found["belief_gap_all"] < -0.3


def test_the_larger_contribution_is_recalled_as_the_more_important_driver(place):
    place.parameters["instruments.recall_noise"] = 0.0
    for size, name in enumerate(("cost", "mandate", "need", "lobby", "party", "opinion", "own")):
        place.measures.buffer(f"part_{name}")[:] = -float(size)
    found = governance_survey.drivers(place, interviewees(place))
    order = [
        found[f"driver_{name}"] for name in ("own", "opinion", "party", "lobby", "need", "mandate", "cost")
    ]
    assert order == sorted(order, reverse=True)
    assert (order[0], order[-1]) == (5.0, 1.0)


def test_drivers_are_unknown_before_the_first_decision(place):
    for name in governance_survey.DRIVERS:
        place.measures.buffer(f"part_{name}")[:] = 0.0
    assert all(math.isnan(value) for value in governance_survey.drivers(place, interviewees(place)).values())


def test_score_cuts_meetings_a_year():
    assert [score(each, CUTS) for each in (0, 0.9, 1, 4, 12, 39, 40, 300)] == [1, 1, 2, 3, 4, 4, 5, 5]


def test_windows_are_kept_apart_and_covid_is_read_as_a_drop(place):
    meetings = Meetings(place, 144)
    full = place.governance.frequency.copy()
    for month in range(144):
        place.governance.frequency[:] = full * (0.25 if 96 <= month < 120 else 1.0)
        meetings.record(month)
    found = network_survey.read(place, interviewees(place), meetings)
    assert found["latent_lg_degree"] == pytest.approx(0.25 * found["latent_lg_degree_2017"])
    assert -1.8 < found["covid_change"] < -0.5


def test_the_network_of_kinds(place):
    place.parameters["instruments.frequency_noise"] = 0.0
    place.governance.frequency[:] = 0.5
    place.governance.frequency[0, :] = place.governance.frequency[:, 0] = 60.0
    found = _survey(place)
    assert found["rank_lg"] == found["rank_lg_between"] == 1.0
    assert found["lg_union_2020"] < 5.0
    assert found["net_executive_union"] == 5.0
    assert found["net_union_church"] == 1.0
    assert found["degree_executive"] == pytest.approx(4.0 * 13)
    assert found["politicians_minus_officials"] > 2.0


def test_meetings_with_all_organisations_of_a_kind_add_up(place):
    place.parameters["instruments.frequency_noise"] = 0.0
    place.governance.frequency[:] = 5.0
    found = _survey(place)
    assert found["lg_union_2020"] == 3.0
    assert found["lg_company_2020"] == 4.0


def test_who_does_not_exist_has_no_place_in_the_network(place):
    place.organisations.active[3] = 0
    found = _survey(place)
    assert math.isnan(found["lg_rrp_2020"])
    assert math.isnan(found["degree_rrp"])
    assert math.isnan(found["net_rrp_ngo"])
    assert not math.isnan(found["degree_ngo"])


def test_axes_need_both_frequency_and_good_tone(place):
    place.governance.frequency[:] = 100.0
    place.governance.tone[:] = -1.0
    hostile = _survey(place)
    assert hostile["horizontal"] == hostile["vertical"] == 0.0
    assert hostile["negative_ties"] == 1.0
    place.governance.tone[:] = 1.0
    assert _survey(place)["horizontal"] == pytest.approx(1.0)


def test_frames_are_coded_by_strength_and_by_the_largest_weight(place):
    place.parameters["instruments.coding_noise"] = 0.0
    place.organisations.prognostic[:] = (0.7, 0.1, 0.1, 0.1)
    place.organisations.prognostic[place.organisations.kind == 1] = (0.1, 0.1, 0.1, 0.7)
    place.organisations.diagnostic[:] = 0.4
    place.organisations.diagnostic[:, 3] = 0.9
    found = frame_interviews.read(place, interviewees(place))
    assert found["frame_p_migrants_only"] + found["frame_p_whole_community"] == 1.0
    assert found["woc_officials"] in (1.0,) or math.isnan(found["woc_officials"])
    assert found["migrants_only_private"] in (1.0,) or math.isnan(found["migrants_only_private"])
    assert found["frame_d_self_sufficiency"] == 1.0
    assert found["frame_d_cohesion"] == 0.0


def test_prognostic_frames_add_up_and_diagnostic_ones_need_not(place):
    found = frame_interviews.read(place, interviewees(place))
    prognostic = [value for name, value in found.items() if name.startswith("frame_p_")]
    diagnostic = [value for name, value in found.items() if name.startswith("frame_d_")]
    assert sum(prognostic) == pytest.approx(1.0)
    assert sum(diagnostic) > 1.0
