"""The picture of how two results differ: what is counted, and what is drawn."""

from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from woc_sim.figures import style
from woc_sim.figures.differences import MAX_READINGS, draw_differences


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that are saved."""
    drawn: list[Figure] = []
    save = style.save
    monkeypatch.setattr(style, "save", lambda figure, *rest: drawn.append(figure) or save(figure, *rest))
    return drawn


def differences(runs: int, readings: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "run_id": f"r{run}", "replicate": run, "case": "C01", "reading": f"reading_{reading}",
                "expected": 1.0, "found": 1.1, "absolute": 0.1, "relative": 0.1,
            }
            for run in range(runs)
            for reading in range(readings)
        ]
    )  # fmt: skip


def test_the_title_counts_readings_and_runs(tmp_path: Path, figures: list[Figure]) -> None:
    draw_differences(differences(3, 2), tmp_path)
    draw_differences(differences(1, 1), tmp_path)
    titles = [figure.axes[0].get_title(loc="left") for figure in figures]
    assert titles == ["2 readings differ in 3 runs", "1 reading differs in 1 run"]


def test_more_readings_than_fit_are_counted_and_said(tmp_path: Path, figures: list[Figure]) -> None:
    picture = draw_differences(differences(1, MAX_READINGS + 5), tmp_path)
    assert figures[0].axes[0].get_title(loc="left") == f"{MAX_READINGS + 5} readings differ in 1 run"
    assert f"Drawn: the {MAX_READINGS} readings" in picture.caption
    assert len(figures[0].axes[0].get_yticks()) == MAX_READINGS
