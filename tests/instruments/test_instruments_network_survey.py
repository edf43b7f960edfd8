"""Network survey: scores of meetings, windows, and the network of kinds."""

import math

import pytest

from woc_sim.instruments import network_survey
from woc_sim.instruments.network_survey import Meetings, score
from woc_sim.instruments.sampling import interviewees
from woc_sim.rules.answers import TYPICAL_PARTNER

CUTS = (1.0, 4.0, 12.0, 40.0)


def _survey(place, months=144):
    meetings = Meetings(place, months)
    for month in range(months):
        meetings.record(month)
    return network_survey.read(place, interviewees(place), meetings)


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


def test_a_typical_organisation_of_a_kind_is_told_of_where_the_reading_says_so(place):
    place.parameters["instruments.frequency_noise"] = 0.0
    place.governance.frequency[:] = 5.0
    place.theories["meetings_told"] = TYPICAL_PARTNER
    found = _survey(place)
    assert found["lg_union_2020"] == found["lg_company_2020"] == 3.0
    place.governance.tone[:] = 1.0
    assert _survey(place)["horizontal"] == 0.5, "2 of 4 steps with every kind, whatever its number"


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
