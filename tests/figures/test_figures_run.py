"""The two pictures of a run: from pandas and Arrow, one place and many, with gaps."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from woc_sim.figures import run, style
from woc_sim.inputs.vocabulary import COMPONENTS
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES


def _monthly(places: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    months = [f"{2012 + month // 12}-{month % 12 + 1:02d}" for month in range(144)]
    frames = []
    for index in range(places):
        frame = pd.DataFrame({"case": f"C{index:02d}", "replicate": 0, "month": months})
        for name in INDICATOR_NAMES:
            frame[name] = rng.uniform(0, 1, 144)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _final(places: int) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    scores = {f"mipex_{name}": rng.uniform(0, 90, places) for name in COMPONENTS}
    return pd.DataFrame({**scores, "mipex_total": rng.uniform(20, 40, places)})


@pytest.mark.parametrize("places", [1, 5])
def test_pandas_and_arrow_tables_give_the_same_pictures(tmp_path: Path, places: int) -> None:
    monthly, final = _monthly(places), _final(places)
    from_pandas = run.draw_run(monthly, final, tmp_path / "pandas")
    tables = pa.Table.from_pandas(monthly), pa.Table.from_pandas(final)
    from_arrow = run.draw_run(*tables, tmp_path / "arrow")
    assert [picture.path.name for picture in from_pandas] == ["timeline.png", "profile.png"]
    for one, other in zip(from_pandas, from_arrow, strict=True):
        assert one.path.read_bytes() == other.path.read_bytes()
        assert one.path.stat().st_size > 10_000
        assert one.alt == other.alt


def test_every_line_of_the_panels_is_an_indicator_and_every_panel_has_a_unit() -> None:
    for panel in run.PANELS:
        assert panel.unit
        for line in panel.lines:
            assert line.column in INDICATOR_NAMES
    assert {f"mipex_{name}" for name in COMPONENTS} < set(READING_NAMES)
    assert tuple(style.COMPONENT_LABELS)[:-1] == COMPONENTS


def test_missing_and_empty_indicators_are_named_not_drawn(tmp_path: Path) -> None:
    monthly = _monthly(1).drop(columns=["ties_per_migrant"])
    monthly["mipex_total"] = np.nan
    final = _final(1).drop(columns=["mipex_health"])
    timeline, profile = run.draw_run(monthly, final, tmp_path)
    assert "Ties" not in timeline.alt
    assert "policy index" not in timeline.alt
    assert "Work and home" in timeline.alt
    assert "health" not in profile.alt
    assert "housing" in profile.alt


def test_one_month_is_enough(tmp_path: Path) -> None:
    timeline, _ = run.draw_run(_monthly(1).head(1), _final(1), tmp_path)
    assert timeline.path.stat().st_size > 10_000


def test_years_are_the_middles_of_months() -> None:
    assert run.decimal_years(["2012-01", "2023-12"]) == pytest.approx([2012 + 0.5 / 12, 2023 + 11.5 / 12])
