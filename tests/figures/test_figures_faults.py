"""No figure has a text that is cut off or covers another one, an axis without a label, a name of a column,
an empty panel or a number of too many digits."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from faults import faults
from matplotlib.figure import Figure
from validation_album import Album

from woc_sim.figures import run, style, theories
from woc_sim.figures.compare import draw_effects
from woc_sim.figures.sweep import sweep_pictures
from woc_sim.figures.sweep_time import over_time
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

ABOUT = "case=C21, months=36, seed=7"


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    drawn: list[Figure] = []
    save = style.save
    monkeypatch.setattr(style, "save", lambda figure, *rest: drawn.append(figure) or save(figure, *rest))
    return drawn


def test_figures_of_a_validation_have_no_faults(album: Album) -> None:
    assert len(album.figures) > 15
    assert {name: found for name, figure in album.figures.items() if (found := faults(figure))} == {}


def test_figures_of_an_empty_validation_have_no_faults(empty_album: Album) -> None:
    assert {name: found for name, figure in empty_album.figures.items() if (found := faults(figure))} == {}


@pytest.mark.parametrize("months", [1, 36, 144])
def test_time_lines_of_any_length_have_no_faults(tmp_path: Path, figures: list[Figure], months: int) -> None:
    """The names of events stand inside the panels, and only those that the run has reached."""
    names = [f"{2012 + month // 12}-{month % 12 + 1:02d}" for month in range(months)]
    table = pd.DataFrame(
        {"month": names, **{name: np.linspace(0.1, 0.6, months) for name in INDICATOR_NAMES}}
    )
    with style.sheet(ABOUT):
        run.draw_timeline(table, tmp_path)
        run.draw_timeline(table, tmp_path, ("belonging", "discrimination_per_migrant"))
    for figure in figures:
        assert faults(figure) == []
        assert any(text.get_text() == ABOUT for text in figure.texts)
    events = {text.get_text() for text in figures[0].axes[0].texts} & {"2015", "Covid", "Ukraine"}
    assert events == {1: set(), 36: {"2015"}, 144: {"2015", "Covid", "Ukraine"}}[months]
    assert [panel.get_title(loc="left") for panel in figures[1].axes] == [
        "Migrants' belonging",
        "Discrimination events per migrant",
    ]


def ledger_and_months(points: list[tuple[float, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(4)
    rows = [(seats, size, replicate) for seats, size in points for replicate in range(3)]
    frame = pd.DataFrame(rows, columns=["rrp_share", "size", "replicate"])
    readings = pd.DataFrame(rng.uniform(0, 1, (len(frame), len(READING_NAMES))), columns=list(READING_NAMES))
    runs = pd.concat([frame, readings], axis=1).assign(status="done", case="C01", latent_ties=np.nan)
    months = pd.concat([frame.assign(month=f"2012-{month:02d}") for month in range(1, 13)], ignore_index=True)
    values = rng.uniform(0, 1, (len(months), len(INDICATOR_NAMES)))
    return runs, pd.concat([months, pd.DataFrame(values, columns=list(INDICATOR_NAMES))], axis=1)


@pytest.mark.parametrize(
    "points",
    [
        [(seats, size) for seats in (0.0, 0.1) for size in ("rural", "in_transition")],
        [(0.0, "rural"), (0.1, "rural"), (0.1, "small"), (0.2, "left_behind"), (0.3, "medium")],
        [(float(seats), "rural") for seats in np.linspace(0, 1 / 3, 14)],
    ],
)
def test_figures_of_a_sweep_have_no_faults(
    tmp_path: Path, figures: list[Figure], points: list[tuple[float, str]]
) -> None:
    runs, months = ledger_and_months(points)
    axes = [name for name in ("rrp_share", "size") if runs[name].nunique() > 1]
    with style.sheet(ABOUT):
        sweep_pictures(runs, axes, tmp_path)
        over_time(months, axes, tmp_path)
    assert len(figures) >= 3
    assert [found for figure in figures for found in faults(figure)] == []


def test_effects_show_what_differs_and_name_the_rest(tmp_path: Path, figures: list[Figure]) -> None:
    names = ("case=C21", "case=C21 intervention.links.where=[C21] parameters.ties.coethnic_half=0.2")
    months = [f"2012-{month:02d}" for month in range(1, 13)]
    effect = {"mipex_total": 2.0, "mean_attitude": 1e-4, "belonging": 0.0}
    rows = [
        {"indicator": name, "month": month, "effect": size, "low": size / 2, "high": 2 * size, "n": 4,
         "first": 0.5, "second": 0.5 + size}
        for name, size in effect.items()
        for month in months
    ]  # fmt: skip
    picture = draw_effects(pd.DataFrame(rows), names, tmp_path)
    (figure,) = figures
    assert [panel.get_title(loc="left").splitlines()[0] for panel in figure.axes] == [
        "policy index",
        "residents' attitude to non-Europeans",
    ]
    assert "No difference beyond rounding: migrants' belonging." in picture.caption
    assert "Not observed: meetings of local government" in picture.caption
    assert faults(figure, typed=" ".join(names)) == []


def test_all_rival_theories_have_a_row(tmp_path: Path, figures: list[Figure]) -> None:
    rng = np.random.default_rng(5)
    rows = [(f"subject_{number // 4}", f"rival_{number % 4}", number % 4 == 0) for number in range(61)]
    table = pd.DataFrame(rows, columns=["subject", "theory", "default"])
    for name in ("fit", "crps"):
        table[name] = rng.uniform(2, 9, 61)
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 1, table[name] + 1
    found = SimpleNamespace(ranking=table, reached=table.head(0), parameters="default")
    theories._ranking(found, tmp_path)  # type: ignore[arg-type]
    (figure,) = figures
    assert faults(figure) == []
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert len(labels) == 61
    assert labels[:2] == ["subject 0: rival 0", "rival 1"]


def _broken(kind: str) -> Figure:
    figure = style.new_figure(3.0, 2.0)
    axes = figure.add_axes((0.3, 0.3, 0.5, 0.5))
    axes.plot([0, 1], [0.5, 0.6])
    axes.set_xlabel("share")
    axes.set_ylabel("" if kind == "axis without a label" else "share")
    if kind == "cut off":
        axes.text(0.9, 0.55, "a text that leaves the figure at its right")
    if kind == "covers":
        axes.text(0.1, 0.55, "one text")
        axes.text(0.1, 0.551, "another text")
    if kind == "raw name":
        axes.set_title("mipex_total")
    if kind == "characters":
        axes.set_yticks([0.5], ["0.5000000000000001"])
    if kind == "empty panel":
        figure.add_axes((0.85, 0.85, 0.1, 0.1)).set_axis_off()
    return figure


@pytest.mark.parametrize(
    "kind", ["cut off", "covers", "raw name", "axis without a label", "characters", "empty panel", ""]
)
def test_each_fault_is_seen(tmp_path: Path, kind: str) -> None:
    with style.project_style():
        figure = _broken(kind)
        style.save(figure, tmp_path / "one.png", "A figure")
    found = faults(figure)
    assert any(kind in each for each in found) if kind else found == []


def test_every_format_is_written_and_equal_pictures_are_equal_files(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        with style.project_style(), style.sheet(ABOUT, ("pdf", "svg")):
            style.save(_broken(""), tmp_path / folder / "one.png", "A figure")
    for name in ("one.png", "one.pdf", "one.svg"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert not list((tmp_path / "a").glob("*.part*"))
    with style.project_style():
        style.save(_broken(""), tmp_path / "c" / "one.png", "A figure")
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["one.png"]


def test_a_picture_in_a_format_that_is_no_longer_asked_for_is_removed(tmp_path: Path) -> None:
    with style.project_style(), style.sheet(ABOUT, ("pdf", "svg")):
        style.save(_broken(""), tmp_path / "one.png", "A figure")
    (tmp_path / "two.pdf").write_bytes(b"of another picture")
    with style.project_style(), style.sheet(ABOUT, ("svg",)):
        style.save(_broken(""), tmp_path / "one.png", "A figure")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.png", "one.svg", "two.pdf"]
