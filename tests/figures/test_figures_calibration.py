"""Pictures of calibrations from made-up tables: they are drawn, and say the numbers in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from woc_sim.figures import calibration
from woc_sim.figures.style import Picture

RNG = np.random.default_rng(1)
NAMES = [f"statistic_{number}" for number in range(12)]
PARAMETERS = [f"policy.number_{number}" for number in range(7)]


def drawn(picture: Picture) -> None:
    assert picture.path.stat().st_size > 10_000
    assert picture.caption
    assert picture.alt


def reach_table() -> pd.DataFrame:
    share = RNG.random(30) * np.repeat([0, 0.5, 1], 10)
    return pd.DataFrame(
        {
            "finding": [f"S{number:02}" for number in range(30)],
            "statement": ["A statement of the study that is longer than the room beside its row has."] * 30,
            "points": 400,
            "share": share,
            "low": np.maximum(share - 0.03, 0),
            "high": np.minimum(share + 0.03, 1),
            "default": np.repeat([0, 0.2, 0.9], 10),
            "word": np.repeat(["out of reach", "only off", "held by the default"], 10),
        }
    )


def wave_tables(left: float) -> dict[str, pd.DataFrame]:
    emulators = pd.DataFrame(
        [
            {
                "wave": wave,
                "statistic": name,
                "published": 1.0,
                "spread": 0.5,
                "simulated_low": 1 - 6 / wave,
                "simulated_high": 1 + 4 / wave,
                "loo_within_3": 0.97 if name != NAMES[3] else np.nan,
            }
            for wave in (1, 2, 3)
            for name in NAMES
        ]
    )
    low = RNG.random(len(PARAMETERS)) * 0.4
    shrinkage = pd.DataFrame(
        {
            "parameter": PARAMETERS,
            "low": low,
            "middle": low + 0.2,
            "high": low + np.linspace(0.3, 0.9, len(PARAMETERS)),
            "default": 0.5,
            "range_low": 0.0,
            "range_high": 2.0,
            "width": np.linspace(0.3, 0.9, len(PARAMETERS)),
        }
    )
    depth = pd.DataFrame(
        [
            (x, y, column, row, RNG.random() * 6, RNG.random() * 6)
            for x in PARAMETERS[:6]
            for y in PARAMETERS[:6]
            if x != y
            for column in range(8)
            for row in range(8)
        ],
        columns=["x", "y", "column", "row", "implausibility", "depth"],
    )
    waves = pd.DataFrame({"wave": [1, 2, 3], "share_left": [0.1, 0.01, left], "loo_within_3": 0.98})
    return {"emulators": emulators, "shrinkage": shrinkage, "depth": depth, "waves": waves}


def test_reach(tmp_path: Path) -> None:
    picture = calibration.reach(reach_table(), tmp_path)
    drawn(picture)
    assert picture.alt == "10 out of reach; 10 only off; 10 held by the default"


def test_waves(tmp_path: Path) -> None:
    for left in (0.001, 0.0):
        pictures = calibration.draw_waves(wave_tables(left), tmp_path)
        for picture in pictures:
            drawn(picture)
        assert len(pictures) == 3
        assert ("No point is left" in pictures[1].caption) == (left == 0.0)


def test_plausible_sets(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "statistic": NAMES,
            "published": 1.0,
            "error": 0.5,
            "low": 0.5,
            "simulated": 1.0,
            "high": 2.0,
            "agrees": [True] * 11 + [False],
        }
    )
    ranks = pd.DataFrame(
        RNG.dirichlet(np.ones(10), 7), columns=[f"tenth_{number + 1}" for number in range(10)]
    )
    ranks.insert(0, "parameter", PARAMETERS)
    ranks.insert(1, "p", 0.4)
    for picture in calibration.draw_posterior(pd.DataFrame({"set": range(64)}), table, ranks, tmp_path):
        drawn(picture)


def test_countries_left_out(tmp_path: Path) -> None:
    published = RNG.random(12) * 60
    places = pd.DataFrame(
        {
            "case": [f"C{number:02}" for number in range(12)],
            "country": np.repeat(["Italy", "Spain", "Sweden"], 4),
            "published": published,
            "predicted": published + 5,
            "low": published - 12,
            "high": published + 20,
            "sets_low": published - 5,
            "sets_high": published + 15,
            "inside": [True] * 11 + [False],
        }
    )
    countries = pd.DataFrame(
        {"country": ["all"], "coverage": [11 / 12], "coverage_of_sets": [0.5], "absolute_error": [5.0]}
    )
    picture = calibration.draw_folds(places, countries, tmp_path)
    drawn(picture)
    assert "92% of the lines and 50% of the bars" in picture.alt
