"""The picture of life stories: from pandas and Arrow alike, with all kinds of lives, and without any."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from matplotlib.axes import Axes

from woc_sim.ensemble.life_tables import COLUMNS
from woc_sim.figures import life_stories
from woc_sim.figures.life_stories import ARRIVAL_LABELS, HOMES, MIGRANT_MARKS, OTHER_MARKS, draw_lives

MONTHLY = pd.DataFrame({"month": [f"{2012 + m // 12}-{m % 12 + 1:02d}" for m in range(144)]})


def _table(lives: int) -> pd.DataFrame:
    """`lives` lives of each kind in which everything happens that is drawn."""
    rows = []
    for life in range(lives):
        way, month = list(ARRIVAL_LABELS)[life % len(ARRIVAL_LABELS)], f"20{13 + life % 9}-05"
        events = [(way, month, "reception"), ("home_private", "2022-07", "private")]
        events += [(code, "2022-09", "") for mark in MIGRANT_MARKS for code in mark.codes]
        others = [
            (code, f"2016-{index % 12 + 1:02d}", "")
            for index, mark in enumerate(OTHER_MARKS)
            for code in mark.codes
        ]
        for kind, told in (("migrant", events), ("resident", others), ("organisation", others)):
            for code, when, index in told:
                rows.append(
                    ("C21", 0, kind, f"{kind}-{life}", f"{kind} {life}", when, code, "text.", index, "")
                )
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


@pytest.mark.parametrize("lives", [1, 7, 200])
def test_pandas_and_arrow_give_the_same_picture(tmp_path: Path, lives: int) -> None:
    table = _table(lives)
    one = draw_lives(table, MONTHLY, tmp_path / "pandas")
    other = draw_lives(pa.Table.from_pandas(table), pa.Table.from_pandas(MONTHLY), tmp_path / "arrow")
    assert one.path.name == "life_stories.png"
    assert one.path.read_bytes() == other.path.read_bytes()
    assert one.alt == other.alt
    assert "placed, wants to leave" in one.alt


def test_a_life_is_drawn_as_its_homes_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[float, float, str]] = []
    barh = Axes.barh

    def seen(axes: Axes, y: float, width: float, left: float, **look: object) -> object:
        drawn.append((left, left + width, str(look["color"])))
        return barh(axes, y, width, left=left, **look)

    monkeypatch.setattr(life_stories.Axes, "barh", seen)
    rows = [
        ("arrived_chose", "2014-01", "hosted"),
        ("home_private", "2015-01", "private"),
        ("moved_on", "2016-01", ""),
    ]
    table = pd.DataFrame(
        [
            ("C21", 0, "migrant", "migrant-0", "man", when, code, "t.", place, "")
            for code, when, place in rows
        ],
        columns=pd.Index(COLUMNS),
    )
    draw_lives(table, MONTHLY, tmp_path)
    half = 0.5 / 12
    assert drawn == [
        (pytest.approx(2014 + half), pytest.approx(2015 + half), HOMES["hosted"]),
        (pytest.approx(2015 + half), pytest.approx(2016 + half), HOMES["private"]),
    ]


def test_only_the_first_place_and_replicate_is_drawn_and_a_run_without_events_says_so(tmp_path: Path) -> None:
    table = pd.concat([_table(2), _table(3).assign(replicate=1)], ignore_index=True)
    assert (
        draw_lives(table, MONTHLY, tmp_path / "two").alt
        == draw_lives(_table(2), MONTHLY, tmp_path / "one").alt
    )
    nobody = draw_lives(_table(0), MONTHLY, tmp_path / "none")
    assert nobody.path.stat().st_size > 0
    assert nobody.alt.startswith("no migrants")
