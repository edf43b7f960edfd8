"""The benchmark: the idiomatic twin and numpy do what kernels do, and the harness says what it measured."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks import equality, measure, report, speed, whole
from benchmarks.idiomatic import Town
from benchmarks.localities import INDICATORS, START, PersonSide, lived
from benchmarks.measure import Bar, Sizes, UnequalError
from benchmarks.plain import plain
from parameters import parameters
from rich.console import Console

from woc_sim.cli import benchmark
from woc_sim.cli.main import main
from woc_sim.ensemble.provenance import describe
from woc_sim.rules.contact import bad_chance
from woc_sim.rules.labour import job_chance

TINY = Sizes(
    equality=(300, 2, 3),
    stepping=((300, 1, 2, 6), (600, 1, 2, 6)),
    numpy=((300, 2, 2), (600, 2, 2)),
    processes=(300, 600),
    runs=(300, 3, 2),
    small=((300, 600), 3, 2),
    scaling=(300, 600, 1200),
    months=3,
    repeats=1,
    footprint=(300, 3),
    hottest=(300, 1),
    organisations=(200, 300),
    thinning=((0.05, 0.2, 1.0), 2),
)


@pytest.mark.thorough
def test_a_plain_rule_calls_nothing_compiled_and_gives_the_same_number() -> None:
    numbers = np.random.default_rng(1).random((200, 6)).tolist()
    for rule, count, given in (
        (bad_chance, 4, parameters("encounters")),
        (job_chance, 6, parameters("work")),
    ):
        written = plain(rule)
        called = [
            written.__globals__[name] for name in written.__code__.co_names if name in written.__globals__
        ]
        assert called
        assert not any(hasattr(each, "py_func") for each in called)
        assert [written(given, *row[:count]) for row in numbers] == [
            rule(given, *row[:count]) for row in numbers
        ]


@pytest.mark.portable
def test_the_idiomatic_twin_lives_as_the_kernels_do() -> None:
    found = equality.compare(people=800, months=6, replicates=6)
    assert list(found["indicator"]) == list(INDICATORS)
    assert found["agree"].all(), found.to_string()
    widths = found.set_index("indicator")["half_width"]
    assert widths["attitude"] < 0.02
    assert widths["ties"] < 0.3


def test_a_twin_with_another_mechanism_is_told_apart() -> None:
    """Where friends are made five times as easily, the interval of the difference must not hold zero."""
    gaps = []
    for replicate in range(6):
        with lived(500, replicate, equality.ASYLUM) as locality:
            town, kernels = Town(locality, START, rng=replicate), PersonSide(locality)
            town.parameters.ties_friend *= 0.2
            for month in range(START, START + 6):
                kernels.step(month)
                town.step()
            reported = town.datacollector.get_model_vars_dataframe()["ties"].iloc[-1]
            gaps.append(reported - kernels.indicators()["ties"])
            town.close()
    assert np.mean(gaps) > 4.0 * np.std(gaps, ddof=1) / np.sqrt(len(gaps))


def test_numpy_and_the_kernel_move_attitudes_alike() -> None:
    table, gap = speed.against_numpy(people=500, months=2, pairs=2)
    assert gap < 1e-12
    assert (table[["kernels", "numpy"]] > 0.0).to_numpy().all()


@pytest.mark.thorough
def test_the_benchmark_leaves_tables_and_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "QUICK", TINY)
    console = Console(width=120, file=io.StringIO())
    found = report.run(tmp_path, describe("benchmark", "woc-sim benchmark"), True, console)
    printed = console.file.getvalue()
    held = json.loads((tmp_path / "benchmark.json").read_text())
    assert held["status"] == "finished"
    assert {"machine", "versions", "git", "load", "processor"} <= set(held)
    assert held["numbers"]["run_peak_mib"] > held["numbers"]["run_libraries_mib"] > 50
    ratio = measure.ratios(found).set_index(["what", "people"])["ratio"]
    assert ratio["person side against plain Mesa", 600] > 10.0
    assert all(name in printed for name in ("attitudes", "change_mind", "exponent", "runs a second of"))
    rows = pd.read_csv(tmp_path / "benchmark.csv")
    assert set(rows["table"]) == {*found.tables, "number"}
    assert not rows.duplicated(["table", "row", "quantity"]).any()
    assert (tmp_path / "benchmark.png").stat().st_size > 20_000
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"benchmark.{kind}" for kind in ("csv", "json", "md", "png")
    ]


def test_unequal_twins_are_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = equality.compare(people=100, months=1, replicates=2)
    found.loc[found["indicator"] == "ties", "agree"] = False
    monkeypatch.setattr(equality, "compare", lambda *_: found)
    with pytest.raises(UnequalError, match="differ in ties"):
        measure.measure(TINY, lambda _: None)


def test_the_fixed_cost_is_what_is_left_without_people() -> None:
    table = pd.DataFrame({"people": [300, 1000, 2000]})
    table["all"] = 8.0 + 0.007 * table["people"]
    assert whole.fixed_cost(table, "all") == pytest.approx(8.0)


def test_a_bar_is_a_floor_or_a_ceiling() -> None:
    floor = Bar("times as fast", 120.0, 100.0, 200.0, most=False)
    assert floor.met
    assert not replace(floor, value=99.0).met
    assert replace(floor, most=True, value=99.0).met
    assert not replace(floor, most=True).met


def test_the_command_needs_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(benchmark, "ROOT", tmp_path)
    assert main(["benchmark", f"out={tmp_path / 'out'}"]) == 2
    assert "run it from a checkout" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
