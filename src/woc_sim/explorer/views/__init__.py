"""The views of the explorer besides time lines. Each shows one pair (`woc_sim.explorer.view.View`)."""

from __future__ import annotations

from woc_sim.explorer.view import View
from woc_sim.explorer.views.components import components_view
from woc_sim.explorer.views.four_types import TypesView
from woc_sim.explorer.views.frames import frames_view
from woc_sim.explorer.views.network import NetworkView
from woc_sim.explorer.views.scoreboard import ScoreboardView
from woc_sim.explorer.views.stories import StoriesView
from woc_sim.explorer.views.town import TownView


def make_views() -> list[View]:
    """A new view of each kind, in the order of their tabs. Every browser tab has views of its own."""
    return [
        TownView(),
        NetworkView(),
        components_view(),
        frames_view(),
        TypesView(),
        StoriesView(),
        ScoreboardView(),
    ]
