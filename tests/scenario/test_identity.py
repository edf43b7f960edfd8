"""Identity: equal scenarios have equal hashes, different ones different hashes; sources are hashed by
their effect.
"""

import ast
import json
import os
import pickle
import sys
from pathlib import Path

import pytest
from tests.copies import copy_package

from woc_sim.cache import source_files
from woc_sim.scenario import identity
from woc_sim.scenario.identity import _hash_of, canonical, model_hash, run_id, scenario_hash
from woc_sim.scenario.parse import parse, parse_scenario

PACKAGE = Path(identity.__file__).resolve().parent.parent


def test_two_ways_to_say_it_have_one_hash() -> None:
    short = parse_scenario({"executive": "mixed", "size": "rural"})
    full = parse_scenario({"locality": {"size": "rural", "executive": "mixed"}})
    assert scenario_hash(short) == scenario_hash(full)
    assert run_id(short, 3) == run_id(full, 3)
    assert scenario_hash(parse_scenario({"locality.rrp_share": 1})) == scenario_hash(
        parse_scenario({"locality.rrp_share": 1.0})
    )


def test_run_options_do_not_change_it() -> None:
    plain, _ = parse({"case": "C21"})
    options = {"out": "x", "replicates": 9, "workers": 2, "profile": True, "life_stories": 20}
    dressed, _ = parse({"case": "C21", **options})
    assert scenario_hash(plain) == scenario_hash(dressed)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 8},
        {"months": 100},
        {"people": 500},
        {"scale": 0.1},
        {"case": "C22"},
        {"locality.rrp_share": 0.01},
        {"theory.contact": "none"},
        {"parameters.covariates.earlier_low": 0.31},
        {"intervention.links.strength": 0.5},
        {"shocks.media": 0.9},
        {"schedule.drop": ["frames"]},
    ],
)
def test_every_part_of_the_question_changes_it(change: dict[str, object]) -> None:
    base = {"case": "C21", "seed": 7}
    assert scenario_hash(parse_scenario(base)) != scenario_hash(parse_scenario(base | change))


def test_replicates_have_keys_of_their_own() -> None:
    scenario = parse_scenario({"case": "C21"})
    keys = {run_id(scenario, replicate) for replicate in range(50)}
    assert len(keys) == 50
    assert all(len(key) == 16 and int(key, 16) >= 0 for key in keys)


def test_canonical_text_is_json_and_scenarios_travel() -> None:
    scenario = parse_scenario({"case": ["C21", "C22"]})
    assert json.loads(canonical(scenario))["localities"][1]["case"] == "C22"
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert run_id(again, 0) == run_id(scenario, 0)


def test_the_models_hash_follows_what_it_does(tmp_path: Path) -> None:
    copy = copy_package(tmp_path)
    first = _hash_of(copy)

    rule = copy / "rules" / "curves.py"
    text = rule.read_text("utf-8")
    rule.write_text(
        "# a comment\n\n" + text.replace('"""x / (1 + |x|)', '"""Said otherwise: x / (1 + |x|)'), "utf-8"
    )
    assert rule.read_text("utf-8") != text
    assert _hash_of(copy) == first, "comments and docstrings do not count"
    rule.write_text(text.replace("return x / (1.0 + abs(x))", "return x / (1.1 + abs(x))"), "utf-8")
    assert _hash_of(copy) != first
    rule.write_text(text, "utf-8")
    assert _hash_of(copy) == first

    table = copy / "inputs" / "labels.csv"
    table.write_text(table.read_text("utf-8").replace("7000", "7001"), "utf-8")
    assert _hash_of(copy) != first


def test_the_models_hash_leaves_out_what_only_looks_at_results() -> None:
    assert len(model_hash()) == 16
    hashed = {path.relative_to(PACKAGE).parts[0] for path in source_files(PACKAGE, identity.MODEL_SOURCES)}
    assert {
        "rules",
        "world",
        "processes",
        "scenario",
        "instruments",
        "inputs",
        "jit.py",
        "draws.py",
    } <= hashed
    assert not hashed & {"evidence", "analysis", "figures", "cli", "ensemble", "conf"}


def test_results_in_the_sources_change_no_hash(tmp_path: Path) -> None:
    copy = copy_package(tmp_path)
    first = _hash_of(copy)
    assert first == _hash_of(PACKAGE)
    for folder in ("inputs/mine", "scenario/parameters/out/0", "rules/.ipynb_checkpoints"):
        (copy / folder).mkdir(parents=True)
        (copy / folder / "final.csv").write_text("a\n1\n", "utf-8")
        (copy / folder / "config.yaml").write_text("seed: 1\n", "utf-8")
        (copy / folder / "mine.py").write_text("x = 1\n", "utf-8")
    (copy / "inputs" / "._cases.csv").write_text("of another system", "utf-8")
    assert _hash_of(copy) == first
    (copy / "scenario" / "parameters" / "new.csv").write_text("a\n1\n", "utf-8")
    assert _hash_of(copy) != first


def test_folders_of_sources_are_packages() -> None:
    """Folders that are not packages would not be hashed."""
    for path in PACKAGE.rglob("*.py"):
        assert (path.parent / "__init__.py").is_file(), path


def test_a_folder_inside_the_package_is_known(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(PACKAGE / "inputs")
    for inside in (PACKAGE, PACKAGE / "out" / "new", tmp_path / "link" / "out"):
        assert identity.inside_package(inside)
    for outside in (tmp_path, PACKAGE.parent, PACKAGE.parent / "woc_sim_out"):
        assert not identity.inside_package(outside)


DAMAGED = (b"", b"0123456789abcdef", b"\xff" * 33, b"0123456789abcdef 0123456789abcdef", b"x" * 1000)


@pytest.mark.parametrize("content", [*DAMAGED, "folder", "fifo", "nowhere"])
def test_a_damaged_answer_is_not_taken_for_the_models_hash(
    content: bytes | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "cache_root", lambda: None if content == "nowhere" else tmp_path)
    right = model_hash.__wrapped__()
    assert right == _hash_of(PACKAGE)
    if content == "nowhere":
        return
    [kept] = tmp_path.iterdir()
    good = kept.read_bytes()
    kept.unlink()
    if content == "folder":
        kept.mkdir()
    elif content == "fifo":
        if sys.platform != "win32":
            os.mkfifo(kept)
    elif isinstance(content, bytes):
        kept.write_bytes(content)
    assert model_hash.__wrapped__() == right
    if isinstance(content, bytes):
        assert kept.read_bytes() == good


def test_the_models_hash_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "cache_root", lambda: tmp_path)
    right = model_hash.__wrapped__()
    monkeypatch.setattr(identity, "_hash_of", lambda _: pytest.fail("parsed again"))
    assert model_hash.__wrapped__() == right


def test_every_node_of_a_tree_is_spelled() -> None:
    source = PACKAGE / "scenario" / "fields.py"
    names = {type(node).__name__ for node in ast.walk(ast.parse(source.read_bytes()))}
    names -= {"Expr"}  # docstrings are the only bare expressions there
    assert names <= set(identity._syntax(source).decode().split("\n"))
