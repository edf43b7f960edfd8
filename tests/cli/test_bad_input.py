"""Bad input: one sentence on standard error with the key, exit code 2, nothing written, no traceback.

Most cases run in this process, because Hydra starts slowly; a few run the real command.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from woc_sim.cli.main import main

RUN = [
    (["+new.key=1"], "'+new.key=1' adds or removes a key"),
    (["++seed=3"], "did you mean 'seed'"),
    (["~case"], "'~case' is not of the form key=value"),
    (["~case=C21"], "adds or removes a key"),
    (["+x._target_=os.system"], "'+x._target_=os.system' adds or removes"),
    (["x._target_=os.system"], "'x._target_' does not exist"),
    (["locality._target_=os.system"], "'locality._target_' does not exist"),
    (["hydra.run.dir=x"], "changes Hydra's own settings"),
    (["hydra.job.chdir=true"], "changes Hydra's own settings"),
    (["hydra/job_logging=default"], "changes Hydra's own settings"),
    (["hydra/launcher=basic"], "is a setting of sweeps"),
    (["-m", "hydra/launcher=nope"], "hydra/launcher is 'nope'; allowed: basic"),
    (["scale=nan"], "scale is nan"),
    (["scale=inf"], "scale is inf"),
    (["out="], "out is ''; allowed: a name that is not empty"),
    (["case=C21", "case=C22"], "case is given twice"),
    (["executive=mixed", "locality.executive=progressive"], "locality.executive is given twice"),
    (["theory/contact=none", "theory.contact=none"], "theory.contact is given twice"),
    (["case=${oc.env:NOPE}"], "Environment variable 'NOPE' not found"),
    (["case=${nothing}"], "case cannot be resolved"),
    (["case=???"], "case"),
    (["case=C99"], "case 'C99' does not exist; did you mean"),
    (["locality.size=tiny"], "locality.size is 'tiny'; allowed: rural, small, medium"),
    (["size=tiny"], "size is 'tiny'"),
    (["executive=socialist"], "executive is 'socialist'; allowed: conservative, mixed, progressive"),
    (["executive=progresive"], "did you mean 'progressive'?"),
    (["seed=1.5"], "seed is 1.5; allowed: an integer"),
    (["seed=-1"], "seed is -1"),
    (["seed=true"], "seed is True"),
    (["seed=abc"], "seed is 'abc'"),
    (["months=0"], "months is 0"),
    (["people=0"], "people is 0"),
    (["people=many"], "people is 'many'"),
    (["replicates=0"], "replicates is 0"),
    (["life_stories=-1"], "life_stories is -1; allowed: an integer from 0 to 1000"),
    (["life_stories=100000"], "life_stories is 100000"),
    (["life_stories=nan"], "life_stories is nan"),
    (["life_stories=1.5"], "life_stories is 1.5"),
    (["locality.rrp_share=20"], "locality.rrp_share is 20; allowed: a number from 0 to 1"),
    (["locality.inhabitants=[3000,1000]"], "low not above high"),
    (["parameters.covariates.earlier_low=7"], "allowed: a number from 0.1 to 0.6"),
    (["parameters.covariates.earlier_loww=0.5"], "did you mean 'parameters.covariates.earlier_low'"),
    (["parameters.gravity.speed=1"], "'parameters.gravity.speed' does not exist"),
    (["parameters={covariates: {earlier_low: 0.5}}"], "'parameters' does not exist"),
    (["schedule.drop=[polcy]"], "did you mean 'policy'?"),
    (["theory/influence=majority"], "theory/influence is 'majority'"),
    (["theory.influence=majority"], "theory.influence is 'majority'"),
    (["theory=none"], "below it there are theory."),
    (["shocks=war"], "shocks is 'war'"),
    (["shocks.covid=9"], "shocks.covid is 9; allowed: a number from 0 to 5"),
    (["intervention=lnks"], "did you mean 'links'?"),
    (["intervention.links.strength=0.5"], "add intervention=links"),
    (["intervention=links", "intervention.links.start=2018"], "written YYYY-MM"),
    (["experiment=second_look"], "experiment is 'second_look'; allowed: european_curves, first_look"),
    (["sweep=all"], "sweep is 'all'"),
    (["size=rural,small"], "has several values; run them all with -m"),
    (["-m", "size=rural,tiny"], "size is 'tiny'"),
    (["-m", "seed=1,2,x"], "seed is 'x'"),
    (["-m", "seed=range(1,100000)"], "has more values than the 10000 points"),
    (["-m", "seed=interval(1,3)"], "does not list its values"),
    (["-m", "seed=shuffle(1,2)"], "does not list its values"),
    (["-m", "seed=1,2", "out=a,b"], "out varies in the sweep"),
    (["out=a=b"], "cannot be read as key=value"),
    (["out=a(b"], "cannot be read as key=value"),
    (["locality@here=default"], "adds or removes a key"),
    (["locality={size: rural}"], "locality is"),
    (["sead=1"], "'sead' does not exist; did you mean 'seed'"),
    (["gibberish"], "'gibberish' is not of the form key=value"),
    (["case=C21", "locality.file=mine.yaml"], "give one of them"),
    (["locality.file=nowhere.yaml"], "cannot be read (there is no such file)"),
    (["locality.file="], "locality.file is ''"),
]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOPE", raising=False)
    return tmp_path


@pytest.mark.parametrize(("arguments", "said"), RUN, ids=[" ".join(arguments) for arguments, _ in RUN])
def test_run_refuses(
    empty: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code = main(["run", *arguments])
    printed = capsys.readouterr()
    assert code == 2
    assert said in printed.err
    assert printed.err.startswith("woc-sim: ")
    assert printed.err.count("\n") == 1, "one sentence"
    assert printed.out == ""
    assert list(empty.iterdir()) == []


FILES = [
    (b"", "is empty"),
    (b"\x89PNG\x00\xff", "is not a text file"),
    (b"name: [a\n", "is not valid YAML"),
    (b"name: A\nframework: DE\nsise: rural\nexecutive: mixed\n", "'sise' does not exist"),
    (b"name: A\nframework: DE\nsize: rural\n", "executive or executive_ideology is missing"),
    (b"name: A\nframework: DE\nsize: rural\nexecutive: mixed\nrrp_share: [0.3, 0.1]\n", "low not above high"),
    (
        b"name: A\nframework: DE\nsize: rural\nexecutive: mixed\ninhabitants: 90000\n",
        "but inhabitants is 90000",
    ),
    (
        b"name: A\nframework: DE\nsize: rural\nexecutive: mixed\ntype: left_behind\npopulation_trend: 0.01\n",
        "but population_trend is 0.01",
    ),
]


@pytest.mark.parametrize(("content", "said"), FILES, ids=[said for _, said in FILES])
def test_a_bad_locality_file_is_named(
    empty: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    (empty / "mine.yaml").write_bytes(content)
    assert main(["run", "locality.file=mine.yaml"]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "mine.yaml" in printed.err
    assert printed.err.count("\n") == 1
    assert [path.name for path in empty.iterdir()] == ["mine.yaml"]


@pytest.mark.parametrize("out", ["/dev/null/results", "/proc/results", "file.txt", "file.txt/below"])
@pytest.mark.parametrize("sweep", [False, True])
def test_an_out_that_cannot_be_written_is_refused(
    empty: Path, capsys: pytest.CaptureFixture[str], out: str, sweep: bool
) -> None:
    (empty / "file.txt").write_text("mine", "utf-8")
    asked = ["-m", "seed=1,2"] if sweep else []
    assert main(["run", "people=50", "months=1", f"out={out}", *asked]) == 2
    printed = capsys.readouterr()
    assert f"out={out}" in printed.err
    assert printed.err.count("\n") == 1
    assert [path.name for path in empty.iterdir()] == ["file.txt"]
    assert (empty / "file.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize("sweep", [False, True])
def test_a_folder_with_other_things_is_left_alone(
    empty: Path, capsys: pytest.CaptureFixture[str], sweep: bool
) -> None:
    (empty / "thesis").mkdir()
    (empty / "thesis" / "chapter.txt").write_text("mine", "utf-8")
    asked = ["-m", "seed=1,2"] if sweep else []
    assert main(["run", "people=50", "months=1", "out=thesis", *asked]) == 2
    assert "out=thesis holds other files" in capsys.readouterr().err
    assert [path.name for path in (empty / "thesis").iterdir()] == ["chapter.txt"]


COMMANDS = [
    (["rnu"], "the command 'rnu' does not exist; did you mean 'run'?"),
    (["--verbose"], "the command '--verbose' does not exist"),
    (["list"], "list takes one of cases"),
    (["list", "case"], "did you mean 'cases'?"),
    (["list", "cases", "findings"], "list takes one of"),
    (["list", "cases", "--tsv"], "list takes one of"),
    (["validate", "replicates=0"], "replicates is 0"),
    (["validate", "replicates=1.5"], "replicates is 1.5"),
    (["validate", "people=[1"], "'people=[1' cannot be read as key=value"),
    (["validate", "out="], "out is ''"),
    (["validate", "parameters=nowhere.csv"], "nowhere.csv does not exist"),
    (["validate", "parameters=plausibel"], "parameters=plausibel is no file; did you mean 'plausible'?"),
    (["obstacles", "parameters=defalt"], "did you mean 'default'?"),
    (["theories", "parameters=plausibel"], "did you mean 'plausible'?"),
    (["validate", "replcates=3"], "did you mean 'replicates'?"),
    (["validate", "people=200", "people=300"], "people is given twice"),
    (["validate", "--knockout"], "did you mean '--knockouts'?"),
    (["sensitivity", "samples=0"], "samples is 0"),
    (["sensitivity", "samples=1"], "samples=1 is too few for method=morris; use 2 or more"),
    (["sensitivity", "method=sobol", "samples=12"], "samples=12 is not a power of 2"),
    (["sensitivity", "over=polcy"], "did you mean 'policy'"),
    (["sensitivity", "over=size", "on=study"], "use on=place"),
    (["sensitivity", "case=C21", "on=study"], "leave out case and locality settings"),
    (["sensitivity", "outcomes=S66"], "add on=study"),
    (["sensitivity", "outcomes=table8", "method=pawn"], "method=pawn is set by outcomes=table8"),
    (["sensitivity", "outcomes=table8", "size=small"], "moves the place itself"),
    (["sensitivity", "studies=3"], "studies counts the whole studies of outcomes=table8"),
    (["sensitivity", "method=delta", "groups=subjects"], "it ignores groups"),
    (["sensitivity", "method=pawn", "groups=table8"], "mean of the members"),
    (["sensitivity", "replicates=3"], "replicates are a factor of the analysis"),
    (["sensitivity", "theory/threat=stock,none"], "give one value of each setting"),
    (["sensitivity", "trajectories=4"], "trajectories"),
    (["theories", "subjects=contct"], "did you mean 'contact'"),
    (["theories", "studies=1"], "studies is 1"),
    (["theories", "grid=all"], "grid is 'all'"),
    (["theories", "over=policy"], "'over=policy' is not a setting"),
    (["calibrate", "wave"], "did you mean 'waves'?"),
    (["calibrate"], "there are prior, waves, posterior, folds"),
    (["calibrate", "waves", "points=3"], "points is 3; allowed: an integer from 20"),
    (["calibrate", "waves", "over=polcy"], "did you mean 'policy'"),
    (["calibrate", "folds"], "`woc-sim calibrate waves out=out/calibrate` makes them"),
    (["benchmark", "quick=perhaps"], "quick is 'perhaps'"),
    (["benchmark", "people=9"], "'people=9' is not a setting"),
    (["warm", "now"], "warm takes no settings"),
]


@pytest.mark.parametrize(("arguments", "said"), COMMANDS, ids=[" ".join(each) for each, _ in COMMANDS])
def test_other_commands_refuse(
    empty: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert list(empty.iterdir()) == []


@pytest.mark.portable
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "+x._target_=os.system"], "adds or removes a key"),
        (["run", "case=${oc.env:NOPE}"], "Environment variable 'NOPE' not found"),
        (["run", "-m", "size=rural,tiny"], "size is 'tiny'"),
        (["lst"], "did you mean 'list'?"),
    ],
)
def test_the_real_command_says_one_sentence_and_exits_2(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "NOPE"}
    done = subprocess.run(
        [sys.executable, "-m", "woc_sim.cli.main", *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
