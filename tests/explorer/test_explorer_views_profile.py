"""Profiles (policy components, frames): sources hold the means of the replicates, and one row over time."""

import numpy as np
import pytest
from small_pairs import MONTHS, alone, pair, shown

from woc_sim.ensemble.compare import paired_differences
from woc_sim.explorer.views.components import components_view
from woc_sim.explorer.views.frames import frames_view
from woc_sim.explorer.views.profile import ProfileView

MONTH = 50


@pytest.fixture(scope="module")
def components():
    return shown(components_view(), pair(), MONTH)


def row(view: ProfileView, label: str) -> int:
    return view.subject.labels.index(label)


def test_the_total_is_the_indicator_of_the_run(components):
    total = row(components, "TOTAL (mean of 13)")
    for source, side in zip(components.sides, pair().sides, strict=True):
        values = side.indicator("mipex_total")[:, MONTH]
        assert source.data["mean"][total] == pytest.approx(values.mean())
        assert source.data["low"][total] == pytest.approx(values.min())
        assert source.data["high"][total] == pytest.approx(values.max())


def test_differences_are_those_of_compare(components):
    a, b = (side.indicator("mipex_total")[:, MONTH : MONTH + 1] for side in pair().sides)
    found = paired_differences(a, b)
    words = components.changes.data["words"][row(components, "TOTAL (mean of 13)")]
    assert words == f"{found.effect[0]:+.1f} ({found.low[0]:+.1f} to {found.high[0]:+.1f})"


def test_the_chosen_row_is_drawn_over_time(components):
    total = row(components, "TOTAL (mean of 13)")
    components.choice.value = total
    for source, side in zip(components.lines, pair().sides, strict=True):
        assert np.allclose(source.data["mean"], side.indicator("mipex_total").mean(axis=0))
        assert len(source.data["time"]) == MONTHS
    a, b = (side.indicator("mipex_total") for side in pair().sides)
    assert np.allclose(components.difference.data["mean"], (b - a).mean(axis=0))


def test_a_click_on_a_mark_chooses_its_row(components):
    components.sides[0].selected.indices = [3]
    assert components.choice.value == 3
    assert components._over_time.title.text.startswith(components.subject.labels[3])
    components.sides[0].selected.indices = []
    assert components.choice.value == 3


def test_frames_are_the_indicators_of_the_run():
    view = shown(frames_view(), pair(), MONTH)
    for label, indicator in (
        ("to act: migrants alone", "migrants_only"),
        ("to act: the whole community", "whole_community"),
    ):
        values = pair().a.indicator(indicator)[:, MONTH]
        found = view.sides[0].data["mean"][row(view, label)]
        assert found == pytest.approx(values.mean(), abs=1e-6)
    to_act = [at for at, label in enumerate(view.subject.labels) if label.startswith("to act")]
    assert view.sides[0].data["mean"][to_act].sum() == pytest.approx(1.0, abs=1e-5)


def test_one_replicate_has_a_mean_and_no_interval():
    view = shown(components_view(), alone(), 20)
    drawn = view.sides[0].data
    assert np.array_equal(drawn["mean"], drawn["low"])
    assert "Mean of 1 replicate;" in view._heading.object


def test_each_replicate_is_simulated_once(monkeypatch):
    view = components_view()
    view.panel()
    view.prepare(pair())
    monkeypatch.setattr(type(pair().a.simulator), "history", None)
    view.show(pair())
    view.prepare(pair())
    assert len(view.sides[0].data["mean"]) == 14
