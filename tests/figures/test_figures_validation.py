"""The pictures of a validation: drawn, described, with units, and honest about what is missing."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from validation_album import Album

from woc_sim.analysis.study import Pool, table_of
from woc_sim.analysis.verdicts import HYPOTHESIS_VERDICTS, VERDICTS
from woc_sim.ensemble.escaping import csv_text
from woc_sim.figures import access, networks, own_locality, policy, scoreboard, style, timelines
from woc_sim.figures.validation_tables import (
    ValidationTables,
    group_means_by_study,
    read_validation,
    sampling_error,
    study_rows,
    western_cases,
)
from woc_sim.files import write_text
from woc_sim.inputs.vocabulary import ACTOR_KINDS
from woc_sim.instruments.readings import READINGS

NAMES = (
    "scoreboard",
    "baselines",
    "policy_groups",
    "policy_components",
    "policy_correlations",
    "governance_networks",
    "governance_frequencies",
    "access",
    "attitudes",
    "types",
    "rrp_slopes",
    "timelines",
    "knockouts",
    "sensitivity",
)
ALL_NAMES = (*NAMES, "own_locality")
"""With the picture that is only there if the validation has a locality of the user's own."""


@pytest.fixture(scope="module")
def tables(album: Album) -> ValidationTables:
    return read_validation(album.folder)


@pytest.mark.parametrize("name", ALL_NAMES)
def test_picture_is_drawn_and_described(name: str, album: Album) -> None:
    picture = album.pictures[name]
    assert picture.path.read_bytes().startswith(b"\x89PNG")
    assert picture.path.stat().st_size > 15_000
    assert len(picture.caption) > 40
    assert re.search(r"\d", picture.alt)
    assert re.search(r"\bnan\b", picture.alt) is None
    assert album.said[name] == []


@pytest.mark.parametrize("name", ALL_NAMES)
def test_axes_with_numbers_say_their_unit(name: str, album: Album) -> None:
    figure = album.figures[name]
    outside = " ".join(text.get_text() for text in figure.texts)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            texts = [label.get_text() for label in axis.get_ticklabels()]
            if any(_is_number(text) for text in texts) and not _is_calendar(texts):
                assert axis.get_label_text() or outside, f"{axes.get_title(loc='left')} has no unit"


def _is_number(text: str) -> bool:
    return text.replace("\N{MINUS SIGN}", "").replace(".", "", 1).isdigit()


def _is_calendar(texts: list[str]) -> bool:
    return any(text in ("2012", "2020") for text in texts)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_draw_is_said_in_words(name: str, empty_album: Album) -> None:
    assert empty_album.pictures[name].path.exists()
    assert empty_album.said[name]
    assert empty_album.pictures[name].alt


@pytest.mark.parametrize("name", ALL_NAMES)
def test_nan_readings_are_drawn_as_gaps_not_as_numbers(name: str, nan_album: Album, album: Album) -> None:
    assert nan_album.pictures[name].path.exists()
    assert nan_album.pictures[name].path.read_bytes() != album.pictures[name].path.read_bytes()


def test_group_means_are_means_of_localities_within_a_study() -> None:
    """Two cases with two replicates each: study r has replicate r of both."""
    frame = pd.DataFrame(
        {
            "case": ["C01", "C01", "C02", "C02"],
            "executive": ["progressive"] * 4,
            "mipex_total": [10.0, 30.0, 40.0, 80.0],
        }
    )
    found = group_means_by_study(frame, "executive", "mipex_total")["progressive"]
    assert found.tolist() == [25.0, 55.0]


def test_figures_read_the_studies_of_the_scoreboard() -> None:
    """Three replicates of two cases: each study has the rows that are judged."""
    values = [{"mipex_total": float(row)} for row in range(6)]
    table = table_of(values, ["mipex_total"])
    cases = {"C01": np.array([0, 2, 4]), "C02": np.array([1, 3, 5])}
    pool = Pool("model", table, table, cases=cases, cells=cases)
    rows = study_rows(pd.DataFrame(values).assign(case=["C01", "C02"] * 3))
    assert rows.shape == (3, 2)
    for number, study in enumerate(pool.studies()):
        assert sorted(rows[number]) == sorted(study.eu["mipex_total"].astype(int))


def test_sampling_error_is_the_normal_ninety_per_cent_half_width() -> None:
    assert sampling_error(np.array([1.0, 2.0, 3.0])) == pytest.approx(1.645 / np.sqrt(3))
    assert np.isnan(sampling_error(np.array([1.0, 2.0])))


def test_published_component_correlations_within_countries(tables: ValidationTables) -> None:
    """Values calculated from Tables 4 and 6, as the design lists them."""
    real = tables.localities
    assert policy.correlation_within_countries(
        real, "mipex_political_participation", "perceived_integration"
    ) == pytest.approx(0.40, abs=0.01)
    assert policy.correlation_within_countries(
        real, "mipex_labour", "perceived_integration"
    ) == pytest.approx(-0.15, abs=0.01)


def test_fast_correlations_agree_with_the_plain_ones(tables: ValidationTables) -> None:
    cases = tables.cases[tables.cases["variant"] == "model"]
    fast = policy._correlations_by_study(cases, set(cases["case"]), "perceived_integration")
    first = cases.iloc[study_rows(cases)[0]]
    assert fast["mipex_labour"][0] == pytest.approx(
        policy.correlation_within_countries(first, "mipex_labour", "perceived_integration")
    )


def test_published_access_grid_has_the_margins_of_the_study(tables: ValidationTables) -> None:
    grids = access.published_grids(tables.access)
    positive, n = grids["positive"]
    assert n == 19
    assert (positive.sum(axis=0) * n).round() == pytest.approx([7, 1, 11])
    negative, n = grids["negative"]
    assert n == 21
    assert (negative.sum(axis=1) * n).round() == pytest.approx([7, 11, 3])


def test_average_network_is_symmetric_and_leaves_the_other_colour_out() -> None:
    cases = pd.DataFrame({"executive": ["progressive", "conservative"], "net_executive_ngo": [4.0, 2.0]})
    matrix = networks.average_network(cases, "progressive")
    i, j = ACTOR_KINDS.index("executive"), ACTOR_KINDS.index("ngo")
    assert matrix[i, j] == matrix[j, i] == 4.0
    assert np.isnan(matrix[i, i])


def test_ordering_the_scoreboard_keeps_every_row(tables: ValidationTables) -> None:
    rows = scoreboard.sorted_by_role(tables.scoreboard)
    assert sorted(rows["id"]) == sorted(tables.scoreboard["id"])
    assert rows["role"].iloc[0] == "held_out"
    assert rows["role"].iloc[-1] == "hypothesis"


def test_idle_processes_are_named(album: Album) -> None:
    assert "Moves no finding and no indicator: process 3." in album.pictures["knockouts"].alt


def test_colours_and_marks_cover_the_vocabulary() -> None:
    names = [each.name for each in (*VERDICTS, *HYPOTHESIS_VERDICTS)]
    assert set(scoreboard.VERDICT_MARKS) == set(style.VERDICT_COLOURS) == set(names)
    assert len(set(style.VERDICT_COLOURS.values())) == len(style.VERDICT_COLOURS)


def test_the_look_is_given_back() -> None:
    import matplotlib

    before = matplotlib.rcParams["axes.titlesize"]
    with style.project_style():
        pass
    assert matplotlib.rcParams["axes.titlesize"] == before


def test_nulls_have_a_line_beside_the_groups_of_the_model(tables: ValidationTables, tmp_path: Path) -> None:
    lines = tables.timelines
    variants = pd.concat([lines.assign(variant="model"), lines.assign(variant="interactions_off")])
    picture = timelines.timelines(dataclasses.replace(tables, timelines=variants), tmp_path)
    assert "Policy index, progressive: 15.00 to 40.00" in picture.alt
    assert "Policy index, null: interactions off: 15.00 to 34.00" in picture.alt


def test_published_marks_stand_where_the_target_is_in_the_simulated_interval(album: Album) -> None:
    strip = album.figures["scoreboard"].axes[0]
    board = scoreboard.sorted_by_role(pd.read_csv(album.folder / "scoreboard.csv"))
    half = np.where(board["target"] >= board["simulated"], 4.0, 5.0)
    expected = ((board["target"] - board["simulated"]) / half).to_numpy()
    drawn = next(line for line in strip.lines if line.get_marker() == "D").get_xdata()
    assert drawn == pytest.approx(expected[np.abs(expected) <= scoreboard.MAX_HALF_WIDTHS])


def test_localities_without_a_published_score_are_left_out_of_its_comparison(
    tables: ValidationTables,
) -> None:
    more = pd.concat([tables.cases, tables.cases.head(3).assign(case="C99")])
    assert set(western_cases(dataclasses.replace(tables, cases=more))["case"]) == set(
        tables.localities["case"]
    )


def test_the_own_locality_stands_among_the_cases_of_the_model(
    tables: ValidationTables, tmp_path: Path
) -> None:
    own = tables.own.assign(case="NA", mipex_total=1000.0, lonely_share=np.nan)
    picture = own_locality.own_locality(dataclasses.replace(tables, own=own), tmp_path)
    assert "Policy index: 1000 (1000 to 1000), higher than 36 of the 36 cases" in picture.alt
    assert "lonely" not in picture.alt
    assert picture.title == "Your locality NA beside the cases"
    others = tables.cases.assign(mipex_total=np.where(tables.cases["variant"] == "model", 0.0, 1e6))
    picture = own_locality.own_locality(dataclasses.replace(tables, own=own, cases=others), tmp_path)
    assert "higher than 36 of the 36 cases" in picture.alt
    assert set(own_locality.HEADLINES) <= {each.name for each in READINGS}


def test_a_name_that_looks_like_a_number_is_read_as_it_was_written(tmp_path: Path) -> None:
    for name in ("NA", "007", "=1+1"):
        write_text(
            csv_text(pd.DataFrame({"case": [name], "mipex_total": [1.5]})), tmp_path / "own_locality.csv"
        )
        assert read_validation(tmp_path).own["case"].tolist() == [name]
