"""Damage to any file of a sweep is found or has no effect; it never changes a number.

`WOC_SIM_FUZZ=N` tries N positions in each file instead of a few.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import woc_sim
from woc_sim.ensemble import store as stores
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.manifests import write_manifest
from woc_sim.ensemble.plan import DesignPoint, plan_tasks
from woc_sim.ensemble.provenance import describe
from woc_sim.ensemble.store import RUNS, SHARD_SUFFIX, open_store, write_frame, write_parquet
from woc_sim.ensemble.sweep_run import run_sweep
from woc_sim.ensemble.sweep_tables import open_sweep
from woc_sim.errors import UserError
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

PLACES = int(os.environ.get("WOC_SIM_FUZZ", "25"))


def points() -> list[DesignPoint]:
    towns = [replace(Scenario((from_case(name),)), people=60, months=2) for name in ("C21", "C02")]
    return [DesignPoint(town, {"case": town.localities[0].case}) for town in towns]


def swept(out: Path, **settings: object) -> pd.DataFrame:
    return run_sweep(out, points(), 2, "test", progress=False, **settings).sweep.runs


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("damage") / "s"
    swept(out)
    return out


@pytest.fixture
def copy(tmp_path, whole) -> Path:
    out = tmp_path / "s"
    shutil.copytree(whole, out)
    return out


def table(out: Path) -> pd.DataFrame:
    return open_sweep(out).runs.drop(columns="seconds")


def damaged(content: bytes) -> Iterator[bytes]:
    """A file with one byte changed or cut off at several positions, with bytes added, or empty."""
    chance = random.Random(7)
    yield b""
    yield content + b"\0"
    yield content[:-1]
    for _ in range(PLACES):
        place = chance.randrange(len(content))
        yield content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
        yield content[:place]
        yield content[:place] + content[place + 1 :]


@pytest.mark.fuzz
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("pattern", ["shards/*.parquet", "plan/*.parquet", "manifest.json"])
def test_damage_is_found_or_harmless(copy, whole, pattern):
    before = table(whole)
    path = next(copy.glob(pattern))
    content = path.read_bytes()
    sentences: list[str] = []
    harmless = 0
    for bad in damaged(content):
        path.write_bytes(bad)
        try:
            now = table(copy)
        except UserError as error:
            sentences.append(error.sentence)
            continue
        waiting = now["status"] == "waiting"
        told = before.drop(columns="model_hash").set_index(["run_id", "case"])
        rest = now[~waiting].drop(columns="model_hash").set_index(["run_id", "case"])
        pd.testing.assert_frame_equal(rest, told.loc[rest.index], check_exact=True)
        harmless += 1
    assert all(len(each) <= 300 and "\n" not in each for each in sentences)
    assert len(sentences) > harmless or path.name == "manifest.json"


def rewritten(out: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    with open_store(out) as store:
        store.compact()  # a slow machine stores its first runs one by one
    (path,) = (out / "shards").glob(f"*{SHARD_SUFFIX}")
    write_parquet(path, change(pq.read_table(path)))


def edited(shard: pa.Table) -> pa.Table:
    rows = shard.column("readings").to_pylist()
    rows[0][0] += 1.0
    return shard.set_column(RUNS.get_field_index("readings"), RUNS.field("readings"), pa.array(rows))


def single_precision(shard: pa.Table) -> pa.Table:
    narrow = pa.list_(pa.float32())
    return shard.set_column(
        RUNS.get_field_index("readings"), "readings", shard.column("readings").cast(narrow)
    )


def swapped(shard: pa.Table) -> pa.Table:
    keys = shard.column("key").to_pylist()
    return shard.set_column(0, RUNS.field("key"), pa.array(keys[::-1]))


def shortened(shard: pa.Table) -> pa.Table:
    return shard.slice(1)


@pytest.mark.parametrize("change", [edited, single_precision, swapped, shortened])
def test_an_edited_shard_is_found_by_readers_and_by_the_command(copy, change):
    rewritten(copy, change)
    with pytest.raises(UserError, match="is damaged"):
        table(copy)
    with pytest.raises(UserError, match="is damaged"):
        swept(copy)


def test_an_edit_with_a_digest_of_its_own_is_found_by_the_hash_of_the_table(copy, monkeypatch):
    path = next((copy / "shards").glob(f"*{SHARD_SUFFIX}"))
    with open_store(copy) as store:
        keys = set(pq.read_table(path).column("key").to_pylist())
        outcomes = list(store.read(keys).values())
        row = outcomes[0].rows[0]
        readings = row.readings.copy()
        readings[0] += 1.0
        outcomes[0] = replace(outcomes[0], rows=(replace(row, readings=readings),))
        path.unlink()
        store.add(outcomes)
    for reader in (table, swept):
        with pytest.raises(UserError, match="do not match its manifest"):
            reader(copy)


def test_axes_of_a_plan_cannot_be_swapped(copy):
    path = next((copy / "plan").glob("*.parquet"))
    held = pq.read_table(path)
    axes = held.column("axes").to_pylist()
    write_parquet(path, held.set_column(held.schema.get_field_index("axes"), "axes", pa.array(axes[::-1])))
    with pytest.raises(UserError, match="is damaged"):
        table(copy)


def test_a_shard_that_stands_twice_doubles_no_run(copy, whole):
    with open_store(copy) as store:
        before = list((copy / "shards").glob(f"*{SHARD_SUFFIX}"))
        old = {path.name: path.read_bytes() for path in before}
        assert store.compact() == len(before)
        for name, content in old.items():  # as if it had been killed before the old ones were gone
            (copy / "shards" / name).write_bytes(content)
        pd.testing.assert_frame_equal(table(copy), table(whole), check_exact=True)
        store.compact()
    assert len(list((copy / "shards").glob(f"*{SHARD_SUFFIX}"))) == 1
    pd.testing.assert_frame_equal(table(copy), table(whole), check_exact=True)


def test_one_run_with_two_results_is_refused(copy, whole, monkeypatch):
    with open_store(copy) as store:
        task = plan_tasks(copy, points(), 2, monthly=False)[0]
        outcome = run_many([task], progress=False)[0]
        rows = tuple(replace(row, readings=row.readings + 1.0) for row in outcome.rows)
        store.add([replace(outcome, rows=rows)])
    with pytest.raises(UserError, match="with other numbers than another shard"):
        table(copy)


def test_months_asked_for_later_list_no_run_twice(copy, whole):
    first = table(whole)
    swept(copy, monthly=True)
    assert table(copy)["run_id"].is_unique
    numbers = [name for name in first.columns if first[name].dtype == float]
    assert np.array_equal(table(copy)[numbers], first[numbers], equal_nan=True)
    assert len(open_sweep(copy, monthly=True).monthly) == 2 * len(first)
    swept(copy)  # and years are made of months
    assert table(copy)["run_id"].is_unique


def test_a_row_says_what_it_is_whatever_was_asked_for_first(tmp_path):
    town = woc_sim.scenario(case="C21", people=60, months=2)
    other = woc_sim.scenario(case="C21", people=60, months=2, executive="conservative")
    fewer = woc_sim.scenario(case="C21", people=50, months=2)
    out = tmp_path / "s"
    run_sweep(out, [DesignPoint(town, {}, {"case": "C21"})], 1, "test", progress=False)
    grid = [
        DesignPoint(each, {"executive": name}) for name, each in (("as it is", town), ("conservative", other))
    ]
    run_sweep(out, grid, 1, "test", progress=False)
    run_sweep(out, [DesignPoint(fewer, {"executive": "as it is"})], 1, "test", progress=False)
    found = open_sweep(out).runs
    assert found["run_id"].is_unique
    assert list(found["executive"]) == ["as it is", "conservative", "as it is"]
    assert list(found["people"]) == [60, 60, 50]


def test_two_names_of_one_scenario_are_two_rows(tmp_path):
    town = woc_sim.scenario(case="C21", people=60, months=2)
    found = woc_sim.sweep({"a": town, "b": town}, 1, str(tmp_path / "s"), progress=False)
    assert list(found["point"]) == ["a", "b"]
    assert found["run_id"].nunique() == 1


def test_a_design_that_repeats_a_point_keeps_its_rows_in_order_also_when_it_grows(tmp_path):
    towns = [woc_sim.scenario(case="C21", people=60, months=2, seed=seed) for seed in (3, 1, 3, 2)]
    out = tmp_path / "s"
    for design in (towns[:3], towns):
        rows = [DesignPoint(town, {"seed": town.seed}) for town in design]
        run_sweep(out, rows, 1, "test", progress=False)
    found = open_sweep(out).runs
    assert list(found["seed"]) == [3, 1, 3, 2]
    assert list(found["design_row"]) == [0, 1, 2, 3]


# --- what others made


def test_readers_take_no_lock_and_write_nothing(copy):
    with open_store(copy):
        before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
        woc_sim.load_sweep(str(copy))
        open_sweep(copy, monthly=True)
        assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_links_in_a_received_folder_are_not_followed(copy, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.move(copy / "shards", elsewhere)
    (elsewhere / ".x.parquet.0123.part").write_text("mine")
    (copy / "shards").symlink_to(elsewhere)
    for reader in (table, swept):
        with pytest.raises(UserError, match=r"is a link"):
            reader(copy)
    assert (elsewhere / ".x.parquet.0123.part").exists()
    (copy / "shards").unlink()
    shutil.move(elsewhere, copy / "shards")
    diary = tmp_path / "diary"
    diary.write_text("mine")
    (copy / ".lock").unlink(missing_ok=True)
    (copy / ".lock").symlink_to(diary)
    table(copy)
    with pytest.raises(UserError, match="is a link, and links are not followed"):
        swept(copy)
    assert diary.read_text() == "mine"


def test_a_file_system_without_locks_is_told_in_a_sentence(copy, monkeypatch):
    def refuse(self: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with pytest.raises(UserError, match=r"cannot be locked \(No locks available\); some network folders"):
        swept(copy)


def test_a_manifest_of_another_form_is_a_sentence(copy):
    manifest = copy / "manifest.json"
    text = manifest.read_text()
    for bad in ("[" * 100_000, "{}", "null", text.replace('"points": 2', '"points": "two"'),
                text.replace('"kind"', '"sort"'), text.replace('"replicates"', '"copies"')):  # fmt: skip
        manifest.write_text(bad)
        with pytest.raises(UserError, match=r"manifest\.json"):
            open_sweep(copy)
    manifest.unlink()
    with pytest.raises(UserError, match="holds no sweep"):
        open_sweep(copy)
    swept(copy)
    assert open_sweep(copy).manifest.status == "finished"


def test_the_writer_of_a_manifest_checks_its_form(tmp_path):
    with pytest.raises(ValueError, match="points"):
        write_manifest(tmp_path, describe("sweep of runs", "test"))


def test_stored_models_are_those_that_made_the_runs(copy, monkeypatch):
    monkeypatch.setattr(stores, "model_hash", lambda: "another")
    with pytest.raises(UserError, match="another version of the model"):
        swept(copy)


def test_what_differs_is_one_axis_where_one_tells_the_points_apart(tmp_path):
    out = tmp_path / "s"
    for months in (2, 3):
        grid = [
            woc_sim.scenario(size=size, executive=executive, people=60, months=months)
            for executive in ("progressive", "conservative")
            for size in ("rural", "small")
        ]
        points = [
            DesignPoint(each, {"executive": each.localities[0].executive, "size": each.localities[0].size})
            for each in grid
        ]
        run_sweep(out, points, 1, "test", progress=False)
    columns = list(open_sweep(out).runs.columns)
    assert columns[1 : columns.index("replicate")] == ["executive", "size", "months"]


def test_a_plan_keeps_what_departs_from_the_defaults_and_no_more(copy):
    held = pq.read_table(next((copy / "plan").glob("*.parquet"))).column("scenario").to_pylist()
    assert all('"parameters":{}' in text for text in held)


@pytest.mark.parametrize(
    ("pattern", "name"), [("shards/*.parquet", b"readings"), ("plan/*.parquet", b"scenario")]
)
def test_a_damaged_name_of_a_column_is_found_or_harmless(copy, whole, pattern, name):
    path = next(copy.glob(pattern))
    content = path.read_bytes()
    sentences = []
    for found in re.finditer(name, content):
        place = found.start() + 1
        path.write_bytes(content[:place] + b"\xe5" + content[place + 1 :])
        try:
            pd.testing.assert_frame_equal(table(copy), table(whole), check_exact=True)
        except UserError as error:
            sentences.append(error.sentence)
    assert any("is damaged" in each for each in sentences)


def test_a_table_that_was_changed_is_found(copy):
    write_frame(copy / "final.parquet", table(copy).assign(mipex_total=99.0))
    with pytest.raises(UserError, match=r"final\.parquet is missing or changed"):
        table(copy)
    swept(copy)
    assert set(pd.read_parquet(copy / "final.parquet")["mipex_total"]) != {99.0}
