"""Frame interviews: how frames are coded."""

import math

import pytest

from woc_sim.instruments import frame_interviews
from woc_sim.instruments.sampling import interviewees


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
