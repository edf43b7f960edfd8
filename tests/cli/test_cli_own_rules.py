"""A rule of one's own from outside the package: in a sweep, in its folder and archive, and repeated."""

import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import woc_sim
from woc_sim.cli.main import main
from woc_sim.ensemble.manifests import read_manifest
from woc_sim.records import file_sha256

RULE = """\
def room(attitude):
    return 0.5 * (1.0 - attitude)


def contact_effect(attitude, good, bad):
    return 0.1 * (good - bad) * room(attitude)
"""
SMALL = ("case=C21", "people=500", "months=72", "seed=7")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of a sweep over a theory of the model and a rule of one's own, and its file."""
    folder = tmp_path_factory.mktemp("outside")
    for name in ("my_rules.py", "copy.py"):
        (folder / name).write_text(RULE, "utf-8")
    rules = f"{folder / 'my_rules.py'}:contact_effect"
    code = main(
        [
            "sweep",
            *SMALL,
            f"theory/contact=none,{rules}",
            "replicates=2",
            "workers=2",
            f"out={folder / 'out'}",
        ]
    )
    assert code == 0
    return folder / "out", folder / "my_rules.py"


def test_the_rule_moves_attitudes_and_is_an_axis(swept: tuple[Path, Path]) -> None:
    out, file = swept
    table = woc_sim.load_sweep(out)
    assert set(table["status"]) == {"done"}
    identity = str(woc_sim.own_rule(f"{file}:contact_effect"))
    assert set(table["contact"]) == {"none", identity}, "a table says which text, and not where it lay"
    plans = [pq.read_table(path).to_pylist() for path in (out / "plan").iterdir()]
    assert file.name not in str(plans)
    own = table[table["contact"] == identity].set_index("replicate")
    without = table[table["contact"] == "none"].set_index("replicate")
    assert len(own) == len(without) == 2
    assert (own["latent_attitude"] != without["latent_attitude"]).any()


def test_a_file_elsewhere_with_the_same_text_runs_nothing_new(
    swept: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out, file = swept
    before = {path.name for path in (out / "shards").iterdir()}
    rule = f"{file.with_name('copy.py')}:contact_effect"
    assert main(["sweep", *SMALL, f"theory/contact={rule}", "replicates=2", f"out={out}"]) == 0
    assert {path.name for path in (out / "shards").iterdir()} == before


def test_a_rule_that_was_changed_is_another_value_of_the_axis(tmp_path: Path) -> None:
    file, out = tmp_path / "my_rules.py", tmp_path / "out"
    typed = ["sweep", "case=C21", "people=80", "months=14", f"theory/contact={file}:contact_effect"]
    for text in (RULE, RULE.replace("0.1", "0.2")):
        file.write_text(text, "utf-8")
        assert main([*typed, "seed=1,2", "replicates=1", "workers=1", f"out={out}"]) == 0
    table = woc_sim.load_sweep(out)
    kept = {path.stem.replace("-", "@") for path in (out / "rules").iterdir()}
    assert len(kept) == 2
    assert set(table["contact"]) == kept
    assert len(table) == len(table[["contact", "seed"]].drop_duplicates()) == 4


def test_points_of_run_m_have_the_identity_too(tmp_path: Path) -> None:
    file, out = tmp_path / "my_rules.py", tmp_path / "out"
    file.write_text(RULE, "utf-8")
    named = f"{file}:contact_effect"
    typed = ["case=C21", "people=80", "months=14", f"theory/contact=none,{named}"]
    assert main(["run", "-m", *typed, f"out={out}"]) == 0
    points = json.loads((out / "manifest.json").read_text("utf-8"))["points"]
    assert points == [{"theory.contact": "none"}, {"theory.contact": str(woc_sim.own_rule(named))}]


def test_results_and_archives_keep_the_text(swept: tuple[Path, Path], tmp_path: Path) -> None:
    out, _ = swept
    (kept,) = (out / "rules").iterdir()
    assert kept.read_text("utf-8") == RULE
    assert main(["export", str(out), f"to={tmp_path / 'packed.zip'}"]) == 0
    with zipfile.ZipFile(tmp_path / "packed.zip") as packed:
        assert RULE in [packed.read(name).decode() for name in packed.namelist() if name.endswith(".py")]


def test_other_commands_keep_the_text_too(swept: tuple[Path, Path], tmp_path: Path) -> None:
    _, file = swept
    out, small = tmp_path / "compared", "case=C21 people=60 months=6"
    pair = [small, f"{small} theory/contact={file}:contact_effect"]
    assert main(["compare", *pair, "replicates=2", "workers=1", f"out={out}"]) == 0
    (kept,) = (out / "rules").iterdir()
    assert kept.read_text("utf-8") == RULE
    manifest = read_manifest(out)
    assert manifest is not None
    assert manifest.files == {f"rules/{kept.name}": file_sha256(kept)}


def test_a_folder_is_repeated_only_with_a_file_that_the_user_names(
    swept: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = swept
    assert main(["run", f"from={out}", "--check"]) == 2
    assert "runs its code only if you name its file: theory/contact=FILE.py" in capsys.readouterr().err
    other = tmp_path / "other.py"
    other.write_text(f"{RULE}# changed\n", "utf-8")
    assert main(["run", f"from={out}", "--check", f"theory/contact={other}:contact_effect"]) == 2
    assert "name the file with the text of that time" in capsys.readouterr().err
    (kept,) = (out / "rules").iterdir()
    typed = [f"theory/contact={kept}:contact_effect", "workers=1"]
    assert main(["run", f"from={out}", "--check", *typed]) == 0
    assert capsys.readouterr().out.startswith("IDENTICAL")


def test_a_file_of_points_cannot_name_code(
    swept: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = tmp_path / "points.csv"
    points.write_text(f"theory.contact\n{swept[1]}:contact_effect\n", "utf-8")
    assert main(["sweep", "case=C21", f"file={points}", f"out={tmp_path / 'out'}"]) == 2
    assert "is named on the command line and not in a file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_python_and_a_copied_world_give_the_same_numbers(swept: tuple[Path, Path]) -> None:
    out, file = swept
    rule = woc_sim.own_rule(f"{file}:contact_effect")
    scenario = woc_sim.scenario(case="C21", people=500, months=72, seed=7, theory={"contact": rule})
    table = woc_sim.load_sweep(out)
    stored = table[table["contact"] == str(rule)]
    again = woc_sim.run(scenario, replicates=2).final
    assert list(again["latent_attitude"]) == list(stored.sort_values("replicate")["latent_attitude"])
