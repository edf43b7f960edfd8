"""One parser of settings for all commands, with few imports; folders and experiments they read."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from woc_sim.analysis.expected import read_experiment as experiment
from woc_sim.analysis.explanations import explanations
from woc_sim.cli import compare, compose, sensitivity, settings, validate
from woc_sim.cli.sweep import READERS
from woc_sim.errors import UserError
from woc_sim.scenario.parse import parse
from woc_sim.scenario.schema import RunOptions


def test_help_and_a_misspelt_key_need_neither_hydra_nor_yaml() -> None:
    code = (
        "import sys; from woc_sim.cli.main import main; main(['validate', '--help']);"
        "main(['obstacles', 'peeple=3']);"
        "print([each for each in ('hydra', 'yaml', 'numpy') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("people=100", {"people": 100}),
        ("people=+100", {"people": 100}),
        ("people= 100", {"people": 100}),
        ("people=null", {}),
        ("out='a #b'", {"out": "a #b"}),
        ("out=out/mine", {"out": "out/mine"}),
        ("out='7'", {"out": "7"}),
    ],
)
def test_a_value_is_what_run_reads(typed: str, meant: dict[str, Any]) -> None:
    assert settings.read_settings([typed], validate.READERS) == (meant, set())
    point = compose.compose_request([typed], multirun=False).points[0]
    for key, value in meant.items():
        assert value in (getattr(point.scenario, key, None), getattr(point.options, key, None))


@pytest.mark.parametrize(
    "typed", ["policy,contact", "[policy,contact]", "'policy,contact'", "policy, contact"]
)
def test_several_names_are_written_with_commas(typed: str) -> None:
    assert settings.read_settings([f"outcomes={typed}"], sensitivity.READERS)[0] == {
        "outcomes": ("policy", "contact")
    }
    assert settings.read_settings([f"over={typed}"], READERS)[0] == {"over": ("policy", "contact")}


def test_what_a_command_does_not_heed_is_refused() -> None:
    settings.refuse_ignored("sweep", ["case=C21", "seed=1,2", "workers=2"])
    for typed in ("profile=true", "life_stories=5"):
        with pytest.raises(UserError, match=f"'{typed}' has no effect in sweep; `woc-sim run"):
            settings.refuse_ignored("sweep", ["case=C21", typed])
    with pytest.raises(UserError, match="stands after the two scenarios"):
        compare.scenario_of("case=C21 replicates=3")


def test_workers_without_an_executor_are_refused() -> None:
    for options in (RunOptions(), RunOptions(workers=1), RunOptions(workers=4, executor="processes")):
        settings.refuse_unused_workers(options)
    with pytest.raises(UserError, match="workers is 4, but the executor"):
        settings.refuse_unused_workers(RunOptions(workers=4))


LEVELS = "\n".join(f"{'  ' * level}a{level}:" for level in range(40))
ALIASES = "a: &a [x, x]\n" + "\n".join(f"b{n}: &b{n} [{', '.join(['*a'] * 9)}]" for n in range(30))
CONFIGS = {
    "empty": ("", "holds no settings"),
    "a text": ("just words", "holds no settings"),
    "a list": ("- seed", "holds no settings"),
    "itself": ("seed: &a [*a]", "anchors and aliases are not taken"),
    "a bad date": ("seed: 2019-13-45", "seed is '2019-13-45'"),
    "many digits": ("seed: " + "9" * 5000, "seed is '999"),
    "aliases": (ALIASES, "anchors and aliases are not taken"),
    "deep": ("[" * 5000, "nested too deeply"),
    "deep settings": (LEVELS, "nested too deeply"),
    "a tag": ("seed: !!float x", "tags are not taken"),
    "an unknown key": ("sead: 1", "did you mean 'seed'?"),
    "another type": ("seed: {a: 1}", "seed is {'a': 1}"),
    "twice": ("seed: 1\nseed: 2", "given twice"),
    "a null byte": ("seed: \0", "not valid YAML"),
    "octal": ("people: 0100", "people is '0100'"),
    "sexagesimal": ("replicates: 1:30", "replicates is '1:30'"),
}


@pytest.mark.parametrize("kind", CONFIGS)
def test_a_folder_with_odd_settings_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    content, said = CONFIGS[kind]
    (tmp_path / "config.yaml").write_text(content, "utf-8")
    with pytest.raises(UserError) as caught:
        compare.scenario_of(str(tmp_path))
    assert said in caught.value.sentence
    assert len(caught.value.sentence) <= 300


def test_a_folder_without_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no config\.yaml; give a folder"):
        compare.scenario_of(str(tmp_path))
    (tmp_path / "config.yaml").mkdir()
    with pytest.raises(UserError, match=r"cannot be read|not a regular file"):
        compare.scenario_of(str(tmp_path))


def test_a_folder_is_the_scenario_that_it_holds(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("case: C21\nseed: 7\nout: null\nreplicates: 5\n", "utf-8")
    assert compare.scenario_of(str(tmp_path)) == parse({"case": "C21", "seed": 7})[0]


EXPERIMENT = """\
question: Why?
findings: [S01]
design: [size=rural]
full: []
quick: [people=60]
readings: [lg_mean_2020]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (EXPERIMENT, "", "lacks a question"),
        ("question: Why?", "question: [a]", "lacks a question"),
        ("full: []\n", "", "lacks full, a list of texts"),
        ("full: []", "full: 7", "lacks full, a list of texts"),
        ("[people=60]", "[{a: 1}]", "lacks quick, a list of texts"),
        ("[lg_mean_2020]", "[luck]", "'luck' is no reading"),
        ("Why?", "&a x", "anchors and aliases are not taken"),
        ("full: []", "full: []\nfull: []", "given twice"),
    ],
)
def test_an_experiment_says_what_it_lacks(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "experiment.yaml"
    path.write_text(EXPERIMENT, "utf-8")
    assert experiment(tmp_path).settings(quick=True) == ["size=rural", "people=60"]
    path.write_text(EXPERIMENT.replace(old, new), "utf-8")
    with pytest.raises(UserError) as caught:
        experiment(tmp_path)
    assert said in caught.value.sentence
    assert "experiment.yaml" in caught.value.sentence
    path.unlink()
    with pytest.raises(UserError, match=r"holds no experiment\.yaml"):
        experiment(tmp_path)


def test_the_committed_experiments_and_readings_are_read() -> None:
    folders = sorted((Path(__file__).parents[2] / "experiments").glob("*/experiment.yaml"))
    assert folders
    for each in folders:
        assert experiment(each.parent).design
    assert all(isinstance(each, str) for each in explanations().values())


@pytest.mark.parametrize(
    "launcher", ["hydra.launcher.n_jobs=2", "hydra/launcher=joblib", "hydra/launcher=/basic"]
)
def test_only_what_is_installed_spreads_a_sweep(launcher: str) -> None:
    with pytest.raises(UserError):
        compose.compose_request([launcher, "seed=1,2"], multirun=True)
    assert compose.compose_request(["hydra/launcher=basic", "seed=1,2"], multirun=True).hydra_overrides == (
        "hydra/launcher=basic",
    )
