"""Frames month by month: who is to act (prognostic), and what integration is (diagnostic)."""

from __future__ import annotations

from typing import Final

import numpy as np

from woc_sim.explorer.history import History
from woc_sim.explorer.views.drawing import Array
from woc_sim.explorer.views.profile import ProfileView, Subject
from woc_sim.inputs.frames import diagnostic_frames, prognostic_frames
from woc_sim.inputs.organisations import level_code


def frame_weights(history: History) -> Array:
    """Mean weight of each frame in the active local organisations of the month (months x frames): what
    integration is, then who is to act."""
    local = history.end["organisations.level"] == level_code("local")
    active = (history.monthly["organisations.active"] == 1) & local
    count = np.maximum(active.sum(axis=1), 1)[:, None]
    weights = np.concatenate(
        [history.monthly[f"organisations.{kind}"] for kind in ("diagnostic", "prognostic")], axis=2
    )
    means: Array = (weights * active[:, :, None]).sum(axis=1) / count
    return means


SUBJECT: Final = Subject(
    name="frames",
    title="Frames",
    unit="strength or weight, 0 to 1",
    labels=(
        *(each.label for each in diagnostic_frames()),
        *(f"to act: {each.label}" for each in prognostic_frames()),
    ),
    low=0.0,
    high=1.0,
    form="{:+.2f}",
    read=frame_weights,
    about=(
        "Mean over the active local organisations. First, what integration is: an organisation may hold "
        "several ideas. Then, who is to act: these weights sum to 1."
    ),
)


def frames_view() -> ProfileView:
    """The view of frames."""
    return ProfileView(SUBJECT)
