"""Pictures of a sweep: every level of a factor by itself, whatever kind of value it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from scipy import stats

from woc_sim.ensemble.run import LocalityRows, final_frame, monthly_frame
from woc_sim.errors import UserError
from woc_sim.figures import style
from woc_sim.figures.choice import Choice, choice_of
from woc_sim.figures.levels import are_numbers, as_factor, axis_label, is_at_level, level_labels, levels
from woc_sim.figures.sweep import READINGS_SHOWN, explained_share, most_important, sweep_pictures
from woc_sim.figures.sweep_time import over_time
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

ARMS: list[tuple[Any, Any]] = [
    (0.3, "rural"), (0.1, None), ([0.1, 0.2], "rural"),
    (None, "a very long name of a $place"), (0.1, "small"),
]  # fmt: skip


ONE_READING = Choice(readings=("mipex_total",))


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """What is drawn, beside the files."""
    drawn: list[Figure] = []
    save = style.save

    def keep(figure: Figure, path: Path, title: str) -> Path:
        drawn.append(figure)
        return save(figure, path, title)

    monkeypatch.setattr(style, "save", keep)
    return drawn


def tables(arms: list[tuple[Any, Any]], replicates: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ledger and months of arms (share, size), of which each month has the number of its arm as value."""
    final, months = [], []
    for number, (share, size) in enumerate(arms):
        rows = [
            LocalityRows(
                "C01", each, np.full(len(READING_NAMES), number + each / 10.0),
                np.full((36, len(INDICATOR_NAMES)), float(number)),
            )
            for each in range(replicates)
        ]  # fmt: skip
        for frames, make in ((final, final_frame), (months, monthly_frame)):
            frame = make(rows)
            own = pd.DataFrame({"share": [share] * len(frame), "size": [size] * len(frame)}, dtype=object)
            frames.append(pd.concat([own, frame], axis=1))
    ledger = pd.concat(final, ignore_index=True).assign(status="done")
    return ledger, pd.concat(months, ignore_index=True)


def test_levels_have_an_order_that_means_something():
    mixed = as_factor(pd.Series([0.3, [0.1, 0.2], None, 0.05, "rural", 0.3, float("nan")], dtype=object))
    assert levels(mixed) == ["0.05", "[0.1,0.2]", "0.3", "rural", None]
    numbers = as_factor(pd.Series([2.0, float("nan"), 0.5]))
    assert levels(numbers) == [0.5, 2.0, None]
    assert are_numbers(levels(numbers))
    assert not are_numbers(levels(mixed))
    assert not are_numbers([None])
    assert is_at_level(numbers, None).tolist() == [False, True, False]
    assert is_at_level(mixed, "0.3").sum() == 2


def test_labels_are_short_and_each_another():
    assert level_labels([None, 2 / 15, 0.25, "in_transition", True]) == [
        "not set", "0.1333", "0.25", "in transition", "True",
    ]  # fmt: skip
    assert level_labels([0.1, 0.1 + 1e-6]) == ["0.1", "0.100001"]
    assert level_labels([0.3, 0.1 + 0.2]) == ["0.3 (1)", "0.3 (2)"]  # not 17 digits
    long = ["x" * 30 + end for end in "ab"]
    assert level_labels(long) == [f"{'x' * 19}... (1)", f"{'x' * 19}... (2)"]
    assert axis_label("parameters_policy_load") == "policy: load (number)"
    assert axis_label("axis_case") == "case"
    assert axis_label("rrp_share") == "radical-right seats (share of the council)"
    assert axis_label("opinion") == "policy: opinion (number)"
    assert axis_label("threat") == "threat"  # the theory, though a parameter ends so too


CROSSED: list[tuple[Any, Any]] = [
    (share, size) for share in (0.3, 0.1, None) for size in ("a very long name of a $place", "small", None)
]  # fmt: skip


def test_a_level_looks_alike_in_all_panels_and_every_point_is_drawn(tmp_path: Path, figures: list[Figure]):
    _, months = tables(CROSSED)
    over_time(months, ["share", "size"], tmp_path)
    (figure,) = figures
    looks = looks_of(figure)
    assert list(looks) == ["0.1", "0.3", "not set"]
    assert len(set(looks.values())) == 3
    shares = {0.1: "0.1", 0.3: "0.3", None: "not set"}
    expected = {number: shares[share] for number, (share, _) in enumerate(CROSSED)}
    titles = ["size\na very long name of...", "size\nsmall", "size\nnot set"]
    drawn = {}
    for panel, title in zip(figure.axes[:3], titles, strict=True):
        assert panel.get_title(loc="left") == title
        for line in panel.get_lines():
            drawn[int(np.asarray(line.get_ydata())[0])] = (line.get_color(), line.get_linestyle())
    assert drawn == {number: looks[share] for number, share in expected.items()}


def looks_of(figure: Figure) -> dict[str, tuple[Any, Any]]:
    """Entry of the legend -> colour and dash."""
    (legend,) = figure.legends
    return {
        text.get_text(): (line.get_color(), line.get_linestyle())
        for text, line in zip(legend.get_texts(), legend.get_lines(), strict=True)
    }


def test_arms_of_a_file_are_not_mixed(tmp_path: Path, figures: list[Figure]):
    """Rows of a points file that do not cross their axes: one line, one point and one name for each of
    them."""
    ledger, months = tables(ARMS)
    over_time(months, ["share", "size"], tmp_path)
    pictures = sweep_pictures(ledger, ["share", "size"], tmp_path)
    assert [each.path.name for each in pictures] == ["factors.png", "replicates.png"]
    looks = looks_of(figures[0])
    names = [
        "0.1, not set",
        "[0.1,0.2], rural",
        "0.1, small",
        "0.3, rural",
        "not set, a very long name of...",
    ]
    assert list(looks) == names
    drawn = [(line.get_color(), line.get_linestyle()) for line in figures[0].axes[0].get_lines()]
    assert drawn == list(looks.values())
    assert len(set(drawn)) == len(ARMS)
    assert [text.get_text() for text in figures[1].axes[-1].get_xticklabels()] == names


def test_an_axis_that_repeats_another_is_drawn_once(tmp_path: Path, figures: list[Figure]):
    ledger, _ = tables([(0.1, "a"), (0.2, "b"), (0.3, "c")])
    sweep_pictures(ledger, ["share", "size"], tmp_path)
    assert [panel.get_xlabel() for panel in figures[0].axes[-1:]] == ["share"]
    assert len(figures) == 2  # no map


def test_the_other_factors_of_a_map_have_panels_or_are_named(tmp_path: Path, figures: list[Figure]):
    arms = [(share, size) for share in (0.1, 0.2) for size in ("a", "b")]
    parts = []
    for third in range(2):
        for fourth in range(5):
            ledger, _ = tables(arms)
            parts.append(ledger.assign(third=third, fourth=f"w{fourth}", mipex_total=10.0 * third + fourth))
    sweep_pictures(
        pd.concat(parts, ignore_index=True), ["share", "size", "third", "fourth"], tmp_path, ONE_READING
    )
    chart = figures[1]
    written = " ".join(" ".join(text.get_text() for text in chart.texts).split())
    assert "mean over replicates and over fourth (5 values)" in written
    assert [panel.get_title(loc="left").splitlines()[-1] for panel in chart.axes[:2]] == [
        "third: 0",
        "third: 1",
    ]
    assert [{text.get_text() for text in panel.texts} for panel in chart.axes[:2]] == [{"2"}, {"12"}]


def test_drawn_parameters_have_a_map_of_points(tmp_path: Path, figures: list[Figure]):
    rng = np.random.default_rng(3)
    ledger, _ = tables([(float(share), "a") for share in rng.uniform(size=20)])
    ledger["other"] = np.repeat(rng.uniform(size=20), 4)
    sweep_pictures(ledger, ["share", "other"], tmp_path, ONE_READING)
    dots = figures[1].axes[0].collections[0].get_offsets()
    assert len(dots) == 20
    assert "coloured by its mean" in " ".join(text.get_text() for text in figures[1].texts)
    for label in figures[0].axes[-1].get_xticklabels():
        assert len(label.get_text()) < 6


def test_chosen_readings_and_axes_are_drawn(tmp_path: Path, figures: list[Figure]):
    ledger, months = tables(CROSSED)
    choice = Choice(("horizontal", "vertical"), ("unemployment",), ("size",))
    sweep_pictures(ledger, ["share", "size"], tmp_path, choice)
    over_time(months, ["share", "size"], tmp_path, choice)
    factors, _, lines = figures
    assert [panel.get_xlabel() for panel in factors.axes] == ["", "size"]
    assert "good relations" in factors.axes[0].get_ylabel()
    assert "over share, which varies but was not chosen" in " ".join(factors_text(factors).split())
    assert [panel.get_ylabel() for panel in lines.axes] == ["unemployment\n(share)"]


def factors_text(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.texts)


def test_factors_of_numbers_bands_and_nothing_are_drawn(tmp_path: Path, figures: list[Figure]):
    arms = [*CROSSED, ([0.1, 0.2], "small")]
    ledger, _ = tables(arms)
    pictures = sweep_pictures(ledger, ["share", "size"], tmp_path)
    assert [each.path.name for each in pictures] == ["factors.png", "map.png", "replicates.png"]
    factors, chart, _ = figures
    below = [text.get_text() for text in factors.axes[-2].get_xticklabels()]
    assert below == ["0.1", "[0.1,0.2]", "0.3", "not set"]
    cells = [text.get_text() for text in chart.axes[0].texts]
    assert cells.count("-") == 2
    means = sorted(float(text) for text in cells if text != "-")
    assert means == pytest.approx([number + 0.15 for number in range(10)], abs=0.06)


def test_nothing_but_a_sentence_is_drawn_without_values(tmp_path: Path, figures: list[Figure]):
    ledger, _ = tables([(0.1, "a"), (0.2, "a")])
    (picture,) = sweep_pictures(ledger.assign(**dict.fromkeys(READINGS_SHOWN, np.nan)), ["share"], tmp_path)
    assert "No values in these runs: policy index, " in picture.caption


def test_means_that_hardly_differ_look_alike(tmp_path: Path, figures: list[Figure]):
    ledger, _ = tables([(0.1, "a"), (0.2, "a"), (0.1, "b"), (0.2, "b")])
    ledger["mipex_total"] = 50.0 + ledger["mipex_total"] * 1e-6
    sweep_pictures(ledger, ["share", "size"], tmp_path)
    image, other = (panel.images[0] for panel in figures[1].axes[:2])
    shades = image.norm(image.get_array())
    assert float(shades.max() - shades.min()) < 0.01
    assert float(other.norm(other.get_array()).max()) > 0.9


def test_a_single_run_has_no_interval(tmp_path: Path, figures: list[Figure]):
    ledger, _ = tables([(0.1, "rural"), (0.2, "rural")], replicates=1)
    sweep_pictures(ledger, ["share"], tmp_path)
    bars = [each for panel in figures[0].axes for each in panel.containers]
    assert bars
    assert all(np.isnan(bar.lines[2][0].get_segments()).any() or not bar.lines[2][0].get_segments()[0].size
               for bar in bars)  # fmt: skip


def test_with_plausible_sets_a_replicate_counts_once(tmp_path: Path, figures: list[Figure]):
    """The runs of a replicate share their set: more arms in a level do not make its interval narrower."""

    def width(arms: list[tuple[Any, Any]], **more: int) -> float:
        ledger, _ = tables([("all", size) for _, size in arms])
        ledger[list(READINGS_SHOWN)] = np.tile(ledger[["replicate"]].to_numpy(float), len(READINGS_SHOWN))
        figures.clear()
        sweep_pictures(ledger.assign(**more), ["share"], tmp_path)
        (interval,) = figures[0].axes[0].collections[0].get_segments()
        return float(interval[1][1] - interval[0][1])

    of_four = 2 * stats.t.ppf(0.975, 3) * np.std(range(4), ddof=1) / 2
    assert [width(ARMS[:1], set=1), width(ARMS, set=1), width(ARMS[:1])] == pytest.approx([of_four] * 3)
    assert width(ARMS) < 0.5 * of_four


def test_drawn_designs_with_replicates_are_drawn_quickly(tmp_path: Path):
    """All combinations of six axes of 64 values would be 64^6."""
    rng = np.random.default_rng(1)
    ledger, months = tables([(0.1, "rural")] * 64, replicates=3)
    axes = [f"p{index}" for index in range(6)]
    for name in axes:
        ledger[name] = np.repeat(rng.uniform(size=64), 3)
        months[name] = np.repeat(ledger[name].to_numpy(), 36)
    assert len(sweep_pictures(ledger, axes, tmp_path)) == 3
    assert "all points are drawn as one" in over_time(months, axes, tmp_path).caption


def test_very_many_words_are_told_and_not_drawn(tmp_path: Path, figures: list[Figure]):
    ledger, _ = tables([(0.1, f"place {number}") for number in range(200)], replicates=1)
    sweep_pictures(ledger, ["size"], tmp_path)
    assert figures[0].get_figwidth() < 6
    assert "200 values, too many to draw" in [text.get_text() for text in figures[0].axes[0].texts]


def test_the_six_factors_that_explain_most_are_drawn(tmp_path: Path, figures: list[Figure]):
    rng = np.random.default_rng(2)
    ledger, _ = tables([(0.1, "rural")] * 64, replicates=1)
    axes = [f"p{number}" for number in range(8)]
    for name in axes:
        ledger[name] = rng.uniform(size=64)
    for reading in READINGS_SHOWN:
        ledger[reading] = 10.0 * ledger["p7"] + 4.0 * ledger["p6"] + rng.normal(0.0, 0.1, 64)
    picture, _ = sweep_pictures(ledger, axes, tmp_path)
    assert most_important(ledger, axes)[:2] == ["p7", "p6"]
    assert explained_share(ledger, "p7") > 0.5 > explained_share(ledger, "p0") >= 0.0
    assert "Drawn are 6 of 8 factors" in picture.caption
    labels = [panel.get_xlabel() for panel in figures[0].axes[-6:]]
    assert labels[:2] == ["p7", "p6"]
    assert most_important(ledger, axes[:6]) == axes[:6]


def test_pictures_of_sweeps_have_their_caption_below(tmp_path: Path, figures: list[Figure]):
    ledger, months = tables([(0.1, "a"), (0.2, "a"), (0.1, "b"), (0.2, "b")])
    pictures = [*sweep_pictures(ledger, ["share", "size"], tmp_path), over_time(months, ["share"], tmp_path)]
    assert len(figures) == len(pictures) == 4
    for figure, picture in zip(figures, pictures, strict=True):
        written = " ".join(" ".join(text.get_text() for text in figure.texts).split())
        assert picture.caption in written


def test_errors_near_zero_are_in_units_and_others_in_percent(tmp_path: Path, figures: list[Figure]):
    ledger, _ = tables([(0.1, "a"), (0.2, "a")])
    ledger["latent_ties"] = np.tile([-0.1, 0.1, -0.1, 0.1], 2)
    ledger["mipex_total"] = np.tile([99.0, 101.0, 99.0, 101.0], 2)
    sweep_pictures(ledger, ["share"], tmp_path)
    panels = {panel.get_title(loc="left"): panel for panel in figures[-1].axes}
    policy, ties = panels["policy index"], panels["ties of a migrant to residents"]
    assert policy.get_ylabel() == "error of the mean (% of it)"
    assert ties.get_ylabel() == "error of the mean (ties)"
    # four replicates with standard deviation 2 / sqrt(3): error .577, of a mean of 100
    assert policy.lines[0].get_ydata()[-1] == pytest.approx(0.577, abs=0.001)
    assert ties.lines[0].get_ydata()[-1] == pytest.approx(0.0577, abs=0.0001)
    assert panels["residents' attitude"].get_ylabel() == "error of the mean (-1 to 1)"


def test_a_choice_of_figures_names_what_exists():
    axes = {"locality.rrp_share": "rrp_share", "theory.contact": "contact"}
    assert choice_of(["mipex_total", "theory.contact", "rrp_share", "horizontal"], axes) == Choice(
        ("mipex_total", "horizontal"), ("mipex_total",), ("contact", "rrp_share")
    )
    with pytest.raises(UserError, match=r"figures=mipex_totl is no reading, indicator or axis.*mipex_total"):
        choice_of(["mipex_totl"], axes)
    with pytest.raises(UserError, match=r"figures=horizontal is no indicator"):
        choice_of(["horizontal"], readings=False)
