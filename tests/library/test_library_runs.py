"""Runs, comparisons and sweeps in Python: dates, units, what repeats them, figures, files, and pickles."""

import pickle
import shlex

import numpy as np
import pandas as pd
import pytest

import woc_sim
from woc_sim import UserError
from woc_sim.cli.compose import compose_request
from woc_sim.library.commands import command_of_run, typed
from woc_sim.scenario.schema import LocalitySpec, Scenario

TOWN = {"case": ["C21", "C27"], "people": 60, "months": 14, "seed": 7}
LINKS = {**TOWN, "intervention": "links", "intervention.links.start": "2012-03"}


@pytest.fixture(scope="module")
def tables() -> woc_sim.RunTables:
    return woc_sim.run(TOWN, replicates=2)


@pytest.fixture(scope="module")
def comparison() -> woc_sim.Comparison:
    return woc_sim.compare(TOWN, LINKS, replicates=2)


def test_months_are_dates_and_columns_have_units(tables: woc_sim.RunTables) -> None:
    assert tables.monthly["month"].dtype.kind == "M"
    assert tables.monthly["month"].iloc[13] == pd.Timestamp("2013-02-01")
    assert tables.monthly.attrs["units"]["mean_attitude"] == "-1..1"
    few = tables.monthly[["month", "mean_attitude"]].iloc[3:]
    assert few.attrs == tables.monthly.attrs  # kept by pandas
    assert tables.final.attrs["meanings"]["mipex_total"] == "plain mean of the 13 component scores"


def test_tables_know_what_made_them_and_how_to_repeat_it(tables: woc_sim.RunTables) -> None:
    request = compose_request(shlex.split(tables.command)[2:], multirun=False)
    assert request.points[0].scenario == tables.scenario
    assert request.points[0].options.replicates == 2
    assert tables.versions["woc-sim"] == woc_sim.__version__
    assert {"model", "python", "numpy", "mesa"} <= set(tables.versions)
    again = pickle.loads(pickle.dumps(tables))
    assert again.final.equals(tables.final)
    assert (again.command, again.versions, again.scenario) == (
        tables.command,
        tables.versions,
        tables.scenario,
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"size": "rural", "executive": "mixed", "locality": {"rrp_share": 0.2, "inhabitants": [5e3, 6e3]}},
        {
            "case": ["C31", "C32"],
            "intervention": {"links": {"where": ["C31"], "end": "2020-01", "strength": 0.5}},
        },
        {"intervention": ["links", "turnover"], "shocks": "no_2015", "theory": {"rrp": "penalty"}},
        {"locality": "left_behind", "parameters": {"policy.load": 1e-05}, "schedule": {"drop": ["ties"]}},
        {},
    ],
)
def test_a_command_gives_the_scenario_again(settings: dict[str, object]) -> None:
    made = woc_sim.scenario(settings)
    words = shlex.split(command_of_run(made, 3))
    point = compose_request(words[2:], multirun=False).points[0]
    assert point.scenario == made
    assert point.options.replicates == 3


def test_what_no_settings_make_has_no_command() -> None:
    assert command_of_run(Scenario((LocalitySpec("mine", "mine", "DE"),))) == ""
    assert typed({"case": "C21", "seed": 7}) == ["case=C21", "seed=7"]


def test_the_words_of_the_command_line_are_taken() -> None:
    by_words = woc_sim.scenario(intervention="obstacles", locality="marginal", **{"theory/contact": "none"})
    typed_request = compose_request(
        ["intervention=obstacles", "locality=marginal", "theory/contact=none"], multirun=False
    )
    assert typed_request.points[0].scenario == by_words
    with pytest.raises(UserError, match="did you mean 'links'"):
        woc_sim.scenario(intervention="linsk")
    with pytest.raises(UserError, match=r"shocks is 'no_2105'; allowed: as_it_was.*did you mean 'no_2015'"):
        woc_sim.scenario(shocks="no_2105")


def test_summaries_files_and_figures(tables: woc_sim.RunTables, tmp_path) -> None:
    summary = tables.summary(["mipex_total", "mean_attitude"])
    assert list(summary.index) == [
        (case, name) for case in ("C21", "C27") for name in ("mipex_total", "mean_attitude")
    ]
    own = tables.monthly[tables.monthly["case"] == "C27"]
    last = [rows["mean_attitude"].tail(12).mean() for _, rows in own.groupby("replicate")]
    assert summary.loc[("C27", "mean_attitude"), "median"] == pytest.approx(np.median(last))
    files = tables.to_csv(tmp_path / "csv")
    again = pd.read_csv(files[0], parse_dates=["month"])
    assert np.array_equal(again["mean_attitude"], tables.monthly["mean_attitude"])
    assert (again["month"] == tables.monthly["month"]).all()
    figure = tables.plot(["mean_attitude", "residents"])
    assert figure._repr_png_()[:4] == b"\x89PNG"
    assert [panel.get_ylabel() for panel in figure.axes] == ["-1..1", "persons"]
    assert "seed=7" in figure.texts[0].get_text()
    assert "<table" in tables._repr_html_()
    for ask in (tables.plot, tables.summary):
        with pytest.raises(
            UserError, match="there is no column 'mean_atitude'; did you mean 'mean_attitude'"
        ):
            ask("mean_atitude")
        with pytest.raises(UserError, match="give the name of a column or a list of names"):
            ask(5)
        with pytest.raises(UserError, match="names no column"):
            ask([])


def test_a_comparison_is_what_the_runs_say(comparison: woc_sim.Comparison, tables: woc_sim.RunTables) -> None:
    other = woc_sim.run(LINKS, replicates=2)
    difference = other.monthly["lg_degree"] - tables.monthly["lg_degree"]
    month = pd.Timestamp("2012-06-01")
    rows = comparison.effects[
        (comparison.effects["indicator"] == "lg_degree") & (comparison.effects["month"] == month)
    ]
    assert rows["effect"].item() == pytest.approx(difference[tables.monthly["month"] == month].mean())
    assert set(comparison.summary()["fdr"] <= 0.05) <= {True}
    assert "readings differ at a false discovery rate" in comparison.text
    assert shlex.split(comparison.command)[-2:] == ["replicates=2", "out=out/compare"]
    figure = comparison.plot("lg_degree")
    assert figure.axes[0].get_ylabel().startswith("difference, ")
    assert pickle.loads(pickle.dumps(comparison)).readings.equals(comparison.readings)
    with pytest.raises(UserError, match="the two scenarios are equal"):
        woc_sim.compare(TOWN, TOWN)


def test_a_grid_has_the_axes_and_the_scenarios_of_the_command_line() -> None:
    points = woc_sim.grid(
        {"case": "C21"}, executive=["mixed", "conservative"], **{"parameters.policy.load": [0.1, 0.3]}
    )
    assert len(points) == 4
    axes = (("executive", "conservative"), ("parameters.policy.load", 0.1))
    made = woc_sim.scenario(case="C21", executive="conservative", parameters={"policy.load": 0.1})
    assert points[axes] == made
    for axes_given, told in (
        ({"size": "rural"}, "size is 'rural'"),
        ({"sise": ["rural"]}, "did you mean 'size'"),
    ):
        with pytest.raises(UserError, match=told):
            woc_sim.grid(**axes_given)
    with pytest.raises(UserError, match="the grid has 20000 points"):
        woc_sim.grid(seed=range(20_000))
