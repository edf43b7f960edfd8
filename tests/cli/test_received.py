"""A folder made by somebody else: nothing outside it is changed, and contradictions in it are refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import woc_sim
from woc_sim.cli.main import main
from woc_sim.ensemble.manifests import file_hashes
from woc_sim.ensemble.store import ShardReader, open_store
from woc_sim.ensemble.sweep_tables import open_sweep

QUICK = ("case=C21", "people=60", "months=3")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run, a `run -m` and a sweep."""
    top = tmp_path_factory.mktemp("made")
    assert main(["run", *QUICK, "replicates=2", f"out={top / 'run'}"]) == 0
    assert main(["run", "-m", *QUICK, "seed=1,2", f"out={top / 'multi'}"]) == 0
    assert main(["sweep", *QUICK, "seed=1,2", "workers=1", f"out={top / 'sweep'}"]) == 0
    return {name: top / name for name in ("run", "multi", "sweep")}


@pytest.fixture
def copies(made: dict[str, Path], tmp_path: Path) -> dict[str, Path]:
    for name, folder in made.items():
        shutil.copytree(folder, tmp_path / name)
    return {name: tmp_path / name for name in made}


def again(folder: Path) -> list[str]:
    """Repeat the command that made a folder, in that folder."""
    asked = {"run": ["run", *QUICK, "replicates=2"], "multi": ["run", "-m", *QUICK, "seed=1,2"],
             "sweep": ["sweep", *QUICK, "seed=1,2", "workers=1"]}  # fmt: skip
    return [*asked[folder.name], f"out={folder}"]


LINKS = [
    ("multi", "multirun.yaml"),
    ("multi", "1"),
    ("multi", "final.parquet"),
    ("run", "figures"),
    ("run", "figures/timeline.png"),
    ("run", "shards"),
    ("sweep", "figures"),
    ("sweep", "plan"),
    ("sweep", "shards"),
    ("sweep", "shards/failed"),
    ("sweep", "final.parquet"),
]


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_nothing_is_written_or_removed_through_a_link(
    copies: dict[str, Path], tmp_path: Path, name: str, link: str, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = tmp_path / "victim"
    (victim / "shards").mkdir(parents=True)
    (victim / ".mine.part").write_text("precious")
    (victim / "file").write_text("precious")
    before = {path: path.stat().st_mtime_ns for path in victim.rglob("*")}
    folder = copies[name]
    path = folder / link
    target = victim if path.is_dir() or link in ("shards", "shards/failed") else victim / "file"
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    (folder / "final.parquet").unlink(missing_ok=True)
    path.symlink_to(target)
    commands = [again(folder)]
    if name == "sweep":
        commands += [["retry", str(folder)], ["compact", str(folder)]]
    for command in commands:
        assert main(command) == 2, command
        said = capsys.readouterr().err
        assert "link" in said
        assert said.count("\n") == 1
    assert {path: path.stat().st_mtime_ns for path in victim.rglob("*")} == before


@pytest.mark.parametrize("name", [".x.csv.tmp", ".x.csv.part"])
def test_what_is_written_on_request_goes_through_no_name_that_can_be_guessed(
    copies: dict[str, Path], tmp_path: Path, name: str
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    for ending in ("csv", "zip"):
        (tmp_path / name.replace("csv", ending)).symlink_to(precious)
    assert main(["query", str(copies["sweep"]), "select 1 as a", f"to={tmp_path / 'x.csv'}"]) == 0
    assert main(["export", str(copies["sweep"]), f"to={tmp_path / 'x.zip'}"]) == 0
    assert precious.read_text() == "mine"
    assert not (tmp_path / "x.csv").is_symlink()


def rehashed(folder: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a table in a run's folder, and update its hash in the manifest."""
    pq.write_table(change(pq.read_table(folder / name)), folder / name)
    edited(folder, lambda held: held["files"].update(file_hashes(folder, [name])))


def edited(folder: Path, change: Callable[[dict], object]) -> None:
    held = json.loads((folder / "manifest.json").read_text("utf-8"))
    change(held)
    (folder / "manifest.json").write_text(json.dumps(held), "utf-8")


TABLES = {
    "no replicate": lambda table: table.drop_columns(["replicate"]),
    "no case": lambda table: table.drop_columns(["case"]),
    "doubled": lambda table: pa.concat_tables([table, table]),
    "empty": lambda table: table.slice(0, 0),
    "replicate 99": lambda table: table.set_column(
        table.schema.get_field_index("replicate"), "replicate", pa.array([99] * len(table))
    ),
    "case is null": lambda table: table.set_column(0, "case", pa.array([None] * len(table), pa.string())),
    "text": lambda table: table.set_column(
        len(table.column_names) - 1, table.column_names[-1], pa.array(["x"] * len(table))
    ),
    "single precision": lambda table: table.set_column(
        len(table.column_names) - 1,
        table.column_names[-1],
        table.column(table.column_names[-1]).cast(pa.float32()),
    ),
    "run_id": lambda table: table.append_column("run_id", pa.array(["x"] * len(table))),
}


@pytest.mark.parametrize("table", ["final.parquet", "monthly.parquet"])
@pytest.mark.parametrize("change", TABLES)
def test_tables_of_another_form_are_refused(
    copies: dict[str, Path], change: str, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (copies["run"], copies["multi"] / "0"):
        rehashed(folder, table, TABLES[change])
    readers = [["run", f"from={copies['run']}", "--check"], ["run", f"from={copies['multi']}", "--check"],
               ["query", str(copies["multi"]), "select * from monthly"]]  # fmt: skip
    for command in readers:
        assert main(command) == 2, command
        said = capsys.readouterr().err
        assert f"{table} was not written by a run" in said
        assert said.count("\n") == 1
    with pytest.raises(woc_sim.UserError, match="was not written by a run"):
        woc_sim.load(copies["run"])


def test_months_that_differ_are_different(
    copies: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    def moved(table: pa.Table) -> pa.Table:
        frame = table.to_pandas().assign(mean_attitude=lambda rows: rows["mean_attitude"] + 1)
        return pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False)

    rehashed(copies["run"], "monthly.parquet", moved)
    assert main(["run", f"from={copies['run']}", "--check"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("DIFFERENT\n")
    assert "mean_attitude" in said


MANIFESTS: dict[str, Callable[[dict], object]] = {
    "points": lambda held: held.update(points=held["points"] * 3),
    "no points": lambda held: held.update(points=[]),
    "replicates": lambda held: held.update(replicates=[1]),
    "many replicates": lambda held: held.update(replicates=[10**9, 1]),
    "less than none": lambda held: held.update(replicates=[-1, 3]),
    "run_ids": lambda held: held.update(run_ids=held["run_ids"][:1] * 2),
    "swapped": lambda held: held.update(run_ids=held["run_ids"][::-1]),
    "a name with NUL": lambda held: held.update(files={"a\0b": "00"}),
    "a name elsewhere": lambda held: held.update(files={"../run/config.yaml": "00"}),
}


@pytest.mark.parametrize("change", MANIFESTS)
def test_manifests_that_contradict_the_points_are_refused(
    copies: dict[str, Path], change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(copies["multi"], MANIFESTS[change])
    for command in (["status", str(copies["multi"])], ["run", f"from={copies['multi']}", "--check"]):
        assert main(command) == 2, command
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "Traceback" not in said


def test_a_point_that_was_copied_over_another_is_found(
    copies: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(copies["multi"] / "0")
    shutil.copytree(copies["multi"] / "1", copies["multi"] / "0")
    assert main(["status", str(copies["multi"])]) == 2
    assert "holds another run" in capsys.readouterr().err


def test_axes_of_points_are_what_their_settings_say(copies: dict[str, Path], made: dict[str, Path]) -> None:
    edited(copies["multi"], lambda held: held["points"].reverse())
    found, expected = (woc_sim.load_sweep(folder["multi"]) for folder in (copies, made))
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_a_reader_beside_compact_loses_no_run(
    copies: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["sweep", *QUICK, "seed=1,2", "replicates=2", "workers=1", f"out={copies['sweep']}"]) == 0
    files = ShardReader._files
    joined: list[int] = []

    def listed(store: ShardReader, below: str = "") -> list[Path]:
        found = files(store, below)
        if not joined and not below:
            joined.append(1)
            with open_store(copies["sweep"]) as writer:
                writer.compact()
        return found

    monkeypatch.setattr(ShardReader, "_files", listed)
    assert set(open_sweep(copies["sweep"]).runs["status"]) == {"done"}
    assert joined
