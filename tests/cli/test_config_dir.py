"""`--config-dir DIR`: options from a folder of one's own, and what such files may not do."""

from pathlib import Path

import pytest

from woc_sim.cli.compose import compose_request
from woc_sim.cli.config_dir import command_text, own_options, take_config_dir
from woc_sim.cli.main import main
from woc_sim.cli.new import TEMPLATES
from woc_sim.cli.startup import CONFIG_DIR_VARIABLE
from woc_sim.errors import UserError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one option in every group, in use."""
    for name, text in {
        "locality/mytown": TEMPLATES["locality"](),
        "locality/open_place": "rrp_share: 0.0\nsize: rural\n",
        "intervention/plan": TEMPLATES["intervention"](),
        "shocks/calm": "media: 0.5\n",
        "schedule/bare": "drop: [policy, frames]\n",
        "experiment/mine": "case: C21\nparameters: {attitudes: {contact: 0.08}}\ntheory: {threat: none}\n",
        "sweep/axes": TEMPLATES["sweep"](),
    }.items():
        write(tmp_path, name, text)
    monkeypatch.setenv(CONFIG_DIR_VARIABLE, str(tmp_path))
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    from woc_sim.cli import config_dir

    config_dir._options.cache_clear()


def test_options_of_one_s_own_join_those_of_woc_sim(folder: Path) -> None:
    assert set(own_options()) == {
        "locality", "intervention", "shocks", "schedule", "experiment", "sweep"
    }  # fmt: skip
    typed = ["locality=mytown", "intervention=[plan,courses]", "shocks=calm", "schedule=bare"]
    point = compose_request([*typed, "locality.rrp_share=0.2"], multirun=False).points[0]
    place = point.scenario.localities[0]
    assert (place.name, place.size, place.executive, place.rrp_share) == (
        "My town",
        "small",
        "mixed",
        (0.2, 0.2),
    )
    assert [(one.name, one.start, one.strength) for one in point.scenario.interventions] == [
        ("links", 48, 0.5), ("courses", 72, 1.0)
    ]  # fmt: skip
    assert (point.scenario.shocks.media, point.scenario.shocks.asylum) == (0.5, 1.0)
    assert "policy" not in point.scenario.schedule
    open_place = compose_request(["locality=open_place"], multirun=False).points[0].scenario.localities[0]
    assert (open_place.name, open_place.size, open_place.rrp_share) == ("synthetic", "rural", (0.0, 0.0))


def test_experiments_and_sweeps_of_one_s_own(folder: Path) -> None:
    scenario = compose_request(["experiment=mine"], multirun=False).points[0].scenario
    assert scenario.localities[0].name == "C21"
    assert (scenario.parameters["attitudes.contact"], scenario.theories["threat"]) == (0.08, "none")
    request = compose_request(["sweep=axes"], multirun=True)
    assert len(request.points) == 6
    assert request.points[-1].axes == {"executive": "conservative", "size": "medium"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "locality/bad",
            "name: Town\nframework: XX\nsize: small\nexecutive: mixed\n",
            "framework is 'XX' in ",
        ),
        ("locality/bad", "inhabitans: 3000\n", "did you mean 'inhabitants'?"),
        ("locality/bad", "size: ${oc.env:HOME}\n", "refers to another setting; write the value"),
        ("experiment/bad", "_target_: os.system\n", "the key '_target_' in "),
        ("experiment/bad", "hydra: {launcher: x}\n", "the key 'hydra' does not exist in "),
        (
            "experiment/bad",
            "case: !!python/name:os.system\n",
            "is not valid YAML (line 1: tags are not taken)",
        ),
        ("intervention/bad", "link: {}\n", "did you mean 'links'?"),
        ("intervention/bad", "links: {begin: 2016-01}\n", "'links.begin' does not exist in "),
        ("intervention/bad", "links: {strength: 3}\n", "intervention.links.strength is 3; allowed: "),
        ("intervention/bad", "links: {strength: 3}\n", "/bad.yaml"),
        ("shocks/bad", "media: 9\n", "shocks.media is 9; allowed: "),
        ("shocks/bad", "media: 9\n", "; it stands in "),
        ("schedule/bad", "drop: [polcy]\n", "; it stands in "),
        ("locality/bad", "size: huge\n", "; it stands in "),
        ("experiment/bad", "months: 0\n", "; it stands in "),
        ("experiment/bad", "parameters: {attitudes.contact: 99}\n", "; it stands in "),
        ("sweep/bad", "size: {a: 1}\n", "allowed: values as they are typed"),
        ("theory/bad", "contact: none\n", "is in no group; put it into locality/, intervention/,"),
        ("locality/my-town", "size: rural\n", "cannot be an option; name it with letters, digits and _"),
        ("locality/marginal", "size: rural\n", "locality=marginal of --config-dir exists in woc-sim already"),
    ],
)
def test_files_at_fault(folder: Path, name: str, text: str, said: str) -> None:
    write(folder, name, text)
    with pytest.raises(UserError) as caught:
        compose_request(["seed=2"], multirun=False)
    assert said in caught.value.sentence


def test_a_file_cannot_name_code(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text("def f(good):\n    return good\n", "utf-8")
    evil = f"{tmp_path / 'evil.py'}:f"
    write(folder, "experiment/evil", f"theory: {{contact: '{evil}'}}\n")
    with pytest.raises(UserError, match="code is named on the command line, not in settings"):
        compose_request(["experiment=evil"], multirun=False)
    (folder / "experiment" / "evil.yaml").unlink()
    write(folder, "sweep/evil", f"theory/contact: 'moderated,{evil}'\n")
    with pytest.raises(UserError, match="names code, which is named on the command line and not in a file"):
        compose_request(["sweep=evil"], multirun=True)


def test_the_folder_is_an_argument_of_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(CONFIG_DIR_VARIABLE, "as it was")  # so that it is again after the test
    monkeypatch.delenv(CONFIG_DIR_VARIABLE)
    write(tmp_path, "locality/mytown", TEMPLATES["locality"]())
    assert main(["run", "--config-dir", str(tmp_path), "locality=mytown", "--cfg", "job", "--resolve"]) == 0
    assert "    name: My town\n" in capsys.readouterr().out
    assert own_options() == {}, "the folder holds for one command"
    assert main(["run", "locality=mytown", "--cfg", "job"]) == 2
    assert main(["run", f"--config-dir={tmp_path / 'nowhere'}", "seed=2"]) == 2
    assert "is no folder; give the folder of your YAML files" in capsys.readouterr().err
    assert main(["--config-dir", str(tmp_path)]) == 2
    assert take_config_dir(["sweep", "--config-dir", str(tmp_path), "seed=2"]) == ["sweep", "seed=2"]
    assert command_text("sweep", ["seed=2"]) == f"woc-sim sweep seed=2 --config-dir {tmp_path}"
    with pytest.raises(UserError, match="--config-dir is given twice"):
        take_config_dir(["run", "--config-dir", str(tmp_path), f"--config-dir={tmp_path}"])


def test_a_refused_folder_leaves_nothing_to_the_next_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "locality/marginal", "size: rural\n")
    with pytest.raises(UserError, match="exists in woc-sim already"):
        compose_request(["seed=2"], multirun=False)
    monkeypatch.delenv(CONFIG_DIR_VARIABLE)
    place = compose_request(["locality=marginal"], multirun=False).points[0].scenario.localities[0]
    assert place.type == "marginal"
