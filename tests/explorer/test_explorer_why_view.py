"""The view of why: words and waterfall."""

import pytest
from sides import pair_of, screen

from woc_sim.ensemble.replays import play_one
from woc_sim.ensemble.why import game_of, split
from woc_sim.explorer.why_view import WhyView


def test_answer_leads_from_a_to_b():
    asked = []
    view = WhyView("mean_attitude", lambda game, replicates: asked.append((game, replicates)))
    view.panel()
    view.show(pair_of(screen()))
    view.ask()
    assert "Switch B on" in view.words.object
    pair = pair_of(screen(**{"theory.contact": "none"}))
    view.show(pair)
    view.ask("mean_attitude")
    (game, replicates) = asked[0]
    assert (game.first, game.second, replicates) == (*pair.scenarios, 2)
    assert view.button.disabled
    small = game_of(*pair.scenarios, ("mean_attitude",), ("contact", "opinion"))
    view.answer(split(small, [play_one(small, replicate) for replicate in range(2)]))
    bars = view.bars.data
    assert bars["label"][0].startswith("A ")
    assert bars["label"][-1].startswith("B ")
    assert bars["right"][-2] == pytest.approx(bars["right"][-1])
    assert not view.button.disabled
    view.show(pair_of(screen(**{"theory.influence": "none"})))
    assert "Press the button" in view.words.object


def test_equal_sides_are_refused_in_a_sentence():
    view = WhyView("mean_attitude", lambda game, replicates: None)
    view.show(pair_of(screen(months=24)))
    view.ask()
    assert "equal" in view.words.object
