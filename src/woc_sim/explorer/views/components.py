"""The policy index by component: 13 scores of 0 to 100, and their mean, month by month."""

from __future__ import annotations

from typing import Final

import numpy as np

from woc_sim.explorer.history import History
from woc_sim.explorer.views.drawing import Array
from woc_sim.explorer.views.profile import ProfileView, Subject
from woc_sim.figures.style import COMPONENT_LABELS
from woc_sim.inputs.vocabulary import COMPONENTS


def scores_with_total(history: History) -> Array:
    """Scores of the components and their mean (months x components + 1)."""
    scores = history.scores
    return np.column_stack([scores, scores.mean(axis=1)])


SUBJECT: Final = Subject(
    name="components",
    title="Policy components",
    unit="points, 0 to 100",
    labels=(*(COMPONENT_LABELS[each] for each in COMPONENTS), COMPONENT_LABELS["total"]),
    low=0.0,
    high=100.0,
    form="{:+.1f}",
    read=scores_with_total,
    about="Expert scores of local integration policy, counted from the measures in force.",
)


def components_view() -> ProfileView:
    """The view of policy components."""
    return ProfileView(SUBJECT)
