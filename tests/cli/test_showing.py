"""`run --cfg job`, `--resolve` and `--info`: settings are shown, nothing is run."""

from pathlib import Path

import pytest

from woc_sim.cli.main import main
from woc_sim.records import yaml_text
from woc_sim.scenario.parse import parse


def test_the_shown_settings_make_the_same_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--resolve"]):
        assert main(["run", "case=C21", "seed=7", "theory/contact=none", "-c", "job", *more]) == 0
        scenario, options = parse(yaml_text(capsys.readouterr().out, "it", ""))
        assert (scenario.localities[0].name, scenario.seed, options.out) == ("C21", 7, None)
        assert scenario.theories["contact"] == "none"


def test_resolved_settings_hold_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "locality", "mine.yaml"]) == 0
    assert main(["new", "rule", "mine.py"]) == 0
    capsys.readouterr()
    typed = ["run", "locality.file=mine.yaml", "theory/contact=mine.py:contact_effect", "--cfg=job"]
    assert main(typed) == 0
    plain = yaml_text(capsys.readouterr().out, "it", "")
    assert (plain["locality"]["file"], plain["theory"]["contact"]) == ("mine.yaml", "mine.py:contact_effect")
    assert main([*typed, "--resolve"]) == 0
    resolved = yaml_text(capsys.readouterr().out, "it", "")
    assert resolved["locality"]["place"]["name"] == "My town"
    assert resolved["theory"]["contact"].startswith("contact_effect@")
    assert parse(resolved)[0].localities[0].name == "My town"


def test_info_says_where_settings_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "theory/contact=none", "size=rural", "--info"]) == 0
    printed = capsys.readouterr().out
    assert "settings of your own: none" in printed
    assert "theory/contact: moderated unmoderated *none" in printed
    assert "size: medium *rural small" in printed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--cfg", "hydra"], "give --cfg job (with --resolve), or --info"),
        (["--resolve"], "give --cfg job (with --resolve), or --info"),
        (["--cfg", "job", "--info"], "give --cfg job (with --resolve), or --info"),
        (["--cfg", "job", "cas=C21"], "the key 'cas' does not exist"),
        (["-m", "seed=1,2", "--cfg", "job", "--resolve"], "--resolve shows one run"),
    ],
)
def test_mistakes(typed: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *typed]) == 2
    assert said in capsys.readouterr().err
