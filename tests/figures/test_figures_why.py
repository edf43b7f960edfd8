"""The waterfall: where it begins and ends, which steps have a row, and which readings are drawn."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from woc_sim.figures import style
from woc_sim.figures.why import MOST_PANELS, MOST_STEPS, OTHERS, draw_why, drawn_readings, steps_of


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that are saved."""
    drawn: list[Figure] = []
    save = style.save
    monkeypatch.setattr(style, "save", lambda figure, *rest: drawn.append(figure) or save(figure, *rest))
    return drawn


def tables(readings: int, channels: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    shares = [0.5, *(3.0 - 0.5 * each for each in range(channels))]
    effects = pd.DataFrame(
        [
            {
                "reading": f"reading_{one}", "unit": "points", "meaning": "m", "first": 2.0,
                "second": 2.0 + sum(shares), "effect": sum(shares), "n": 4,
                "low": sum(shares) - 1.0 - one, "high": sum(shares) + 1.0 + one,
            }
            for one in range(readings)
        ]
    )  # fmt: skip
    return effects, pd.DataFrame(
        [
            {
                "reading": row, "channel": f"c{number}", "meaning": f"channel {number}", "share": share,
                "low": share - 0.2, "high": share + 0.2,
            }
            for row in effects["reading"]
            for number, share in enumerate(shares)
        ]
    )  # fmt: skip


def test_the_waterfall_leads_from_the_first_value_to_the_second(
    tmp_path: Path, figures: list[Figure]
) -> None:
    effects, shares = tables(1, 3)
    picture = draw_why(effects, shares, ("case=C21", "case=C22"), tmp_path)
    assert picture.path.read_bytes().startswith(b"\x89PNG")
    panel = figures[0].axes[0]
    bars = panel.patches
    assert bars[0].get_x() == 2.0
    ends = [bar.get_x() + bar.get_width() for bar in bars]
    assert ends[-1] == pytest.approx(effects["second"][0])
    assert [bar.get_x() for bar in bars[1:]] == pytest.approx(ends[:-1])
    labels = [label.get_text() for label in panel.get_yticklabels()]
    assert labels[0].startswith("first scenario")
    assert labels[-1].startswith("second scenario")
    assert len(labels) == 6


def test_small_steps_are_one_row_and_what_moves_nothing_has_none() -> None:
    _, shares = tables(1, 12)
    steps = steps_of(shares)
    assert len(steps) == 1 + MOST_STEPS
    assert steps[0]["meaning"] == "channel 0"
    assert steps[-1]["meaning"] == OTHERS
    assert sum(step["share"] for step in steps) == pytest.approx(shares["share"].sum())
    none = steps_of(shares.assign(share=[0.5] + [0.0] * 12))
    assert [step["meaning"] for step in none] == ["channel 0"]
    tiny = steps_of(shares.assign(share=[0.5, 2.0, *[0.001] * 11]))
    assert [step["meaning"] for step in tiny] == ["channel 0", "channel 1", OTHERS]
    assert tiny[-1]["share"] == pytest.approx(0.011)


def test_of_many_readings_the_clearest_are_drawn_and_said(tmp_path: Path, figures: list[Figure]) -> None:
    effects, shares = tables(MOST_PANELS + 3, 2)
    names = [row["reading"] for row in drawn_readings(effects)]
    assert names == [f"reading_{one}" for one in range(MOST_PANELS)]
    picture = draw_why(effects, shares, ("a", "b"), tmp_path)
    assert f"Drawn: the {MOST_PANELS} clearest of {MOST_PANELS + 3} readings" in picture.caption
    unknown = effects.assign(effect=float("nan"))
    draw_why(unknown, shares, ("a", "b"), tmp_path)
    assert any("no reading is known" in text.get_text() for text in figures[1].axes[0].texts)
