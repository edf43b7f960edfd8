"""Frame interviews: how frames are coded."""

import math

import pytest

from woc_sim.instruments import frame_interviews
from woc_sim.instruments.sampling import interviewees
from woc_sim.rules.answers import STANDING_OUT


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


def test_only_the_few_frames_that_stand_out_are_noted_where_the_reading_says_so(place):
    place.parameters["instruments.coding_noise"] = 0.0
    place.organisations.diagnostic[:] = 0.5
    place.organisations.diagnostic[:, :5] = (0.95, 0.9, 0.85, 0.8, 0.75)
    people = interviewees(place)

    def noted():
        return [value for name, value in frame_interviews.read(place, people).items() if "frame_d_" in name]

    assert noted() == [1.0] * 10, "all lie above the cut"
    place.theories["frames_noted"] = STANDING_OUT
    assert noted() == [1.0] * 3 + [0.0] * 7
    place.parameters["instruments.frames_most"] = 2.0
    assert noted() == [1.0] * 2 + [0.0] * 8
    place.organisations.diagnostic[:] -= 0.4
    assert noted() == [1.0] * 2 + [0.0] * 8, "what stands out does not depend on the level"
    place.organisations.diagnostic[:] = 0.9
    assert noted() == [0.0] * 10, "where all are alike none stands out"
