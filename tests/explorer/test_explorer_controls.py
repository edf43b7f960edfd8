"""The slider of a number with a default."""

import pytest

from woc_sim.explorer.controls import NumberControl, format_of, step_of


@pytest.mark.parametrize(
    ("low", "high", "step", "form"),
    [(0, 1, 0.01, "0.00"), (0, 5, 0.05, "0.00"), (-0.03, 0.03, 0.001, "0.000"), (1000, 250_000, 5000, "0,0")],
)
def test_steps_are_round_and_about_a_hundred(low, high, step, form):
    assert step_of(low, high) == step
    assert format_of(step) == form


def test_number_reports_what_the_user_does_and_not_what_refresh_does():
    changes = []
    control = NumberControl("k", "number", 0, 1, 0.5, "As it was", "a meaning", changes.append)
    control.refresh({"k": 0.25})
    assert (control.slider.value, changes) == (0.25, [])
    control.slider.value = 0.75
    assert changes == [{"k": 0.75}]
    control.refresh({})
    assert control.slider.value == 0.5
    control.refresh({"k": [0.2, 0.4]})
    assert control.slider.value == pytest.approx(0.3)
    assert len(changes) == 1
