"""The catalogue of frames: the parameters and sectors it names exist, and faults name their row."""

from pathlib import Path

import pytest
from tests.copies import copy_with

from woc_sim.inputs import frames as module
from woc_sim.inputs.frames import (
    _table,
    diagnostic_frame,
    diagnostic_frames,
    prognostic_frame,
    prognostic_frames,
)
from woc_sim.inputs.sectors import DIMENSIONS
from woc_sim.scenario.parameters import registry

FILE = Path(module.__file__).parent / "frames.csv"


def test_every_prognostic_frame_has_its_parameters() -> None:
    for one in prognostic_frames():
        assert f"frames.{one.frame}" in registry()
        assert not one.tilted_by or f"frames.{one.tilted_by}" in registry()
        assert one.label


def test_codes_are_looked_up_by_name() -> None:
    assert [prognostic_frame(one.frame) for one in prognostic_frames()] == list(range(4))
    assert [diagnostic_frame(one.frame) for one in diagnostic_frames()] == list(range(10))
    for code in (diagnostic_frame, prognostic_frame):
        with pytest.raises(KeyError, match="nobody"):
            code("nobody")


def test_prognostic_frames_stand_in_the_order_in_which_their_weights_are_made() -> None:
    """The process `frames` makes the four weights one by one, each from parameters of its own."""
    names = ["migrants_only", "institutions", "locals_and_migrants", "whole_community"]
    assert [one.frame for one in prognostic_frames()] == names


def test_diagnostic_frames_look_at_something() -> None:
    assert all(len(one.looks_at) == len(DIMENSIONS) for one in diagnostic_frames())
    assert {one.sector for one in diagnostic_frames()} > {"", "work"}
    assert min(one.tilt for one in diagnostic_frames()) == -1.0


@pytest.mark.parametrize(
    ("found", "planted", "said"),
    [
        ("0.5,,encounter", "1.5,,encounter", "row 2: tilt is 1.5"),
        ("0.5,,encounter", "0.5,,encounters", "row 2: sector is 'encounters'"),
        ("0,0,0,1,0", "0,0,0,1,1", "row 2: jobs, homes, language, ties, peace sum to 2"),
        ("diagnostic,belonging", "diagnostic,participation", "row 3: diagnostic participation appears twice"),
        ("prognostic,institutions", "pragmatic,institutions", "row 13: kind is 'pragmatic'"),
    ],
)
def test_a_fault_in_the_catalogue_is_named(found, planted, said, tmp_path, monkeypatch) -> None:
    copy_with(FILE, found, planted, tmp_path)
    monkeypatch.setattr("woc_sim.inputs.reading._FOLDER", tmp_path)
    with pytest.raises(ValueError, match=said):
        _table.__wrapped__()
