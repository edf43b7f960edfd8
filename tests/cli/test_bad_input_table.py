"""Bad input by kind: every kind of mistake in every kind of setting of every command.

Each gives one sentence of at most 300 characters on standard error, exit code 2, no traceback, and writes
nothing.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from woc_sim.cli import compose
from woc_sim.cli.main import COMMANDS, UNLISTED_COMMANDS, main
from woc_sim.ensemble import folders
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import COVARIATES
from woc_sim.scenario.theories import THEORIES

NEVER = ("[1,2]", "{a: 1}", "!!float x", "a#b", "x" * 5000, "9" * 5000, "a\x1b[31mb", "a\u202eb", "[" * 400)
"""Values that no setting of one value takes; some of them are no settings at all."""
NO_INTEGER = (
    "",
    "many",
    "1.5",
    "3.0",
    "1e3",
    "'7'",
    "true",
    "nan",
    "inf",
    "-1",
    "0100",
    "1:30",
    "0x10",
    "7,7",
)
NO_NUMBER = ("''", "much", "'0.1'", "false", "nan", "-inf", "1e9", "0,1 2", "0.1.2", "1/2", "50%", "[0.1]")
NO_FLAG = ("", "yes", "1", "'true'", "perhaps", "[true]", "nan")
NO_TEXT = (
    "",
    "' '",
    "7",
    "1.5",
    "true",
    "[a]",
    "a\tb'",
    "'a\x07b'",
    "'a\u200bb'",
    "'a\u2028b'",
    "'" + "y" * 5000 + "'",
)
NO_MONTH = (
    "2018",
    "2018-13",
    "2018-1",
    "2011-12",
    "2024-01",
    "18-01",
    "2018-01-01",
    "'２０１８-01'",
    "[2018-01]",
    "true",
)
SOME = 3
"""Of the kinds of a type, so many are tried with each further key of that type."""

SCENARIO = {
    "integer": (NO_INTEGER, ("seed", "months", "people", "replicates", "workers", "life_stories")),
    "number": (
        NO_NUMBER,
        (
            "scale",
            "shocks.covid",
            "intervention.links.strength",
            *(f"locality.{name}" for name in COVARIATES),
            *(f"parameters.{name}" for name in list(registry())[::40]),
        ),
    ),
    "flag": (NO_FLAG, ("profile", "progress")),
    "text": (NO_TEXT, ("out", "locality.file")),
    "month": (NO_MONTH, ("intervention.links.start", "intervention.links.end")),
    "name": (
        ("''", "smal", "1", "true", "null,null", "[]", "[rural,rural]", "RURAL"),
        (
            "size",
            "executive",
            "locality.size",
            "locality.framework",
            "executor",
            "shocks",
            "experiment",
            "sweep",
            "locality",
            "schedule",
            *(f"theory/{subject}" for subject in list(THEORIES)[:2]),
            *(f"theory.{subject}" for subject in list(THEORIES)[2:]),
        ),
    ),
    "names": (
        ("''", "polcy", "[x,x]", "[]", "[[policy]]", "7", "{a: b}", "[null]"),
        ("schedule.processes", "case", "intervention.links.where", "intervention"),
    ),
}
"""Type -> what is no value of it, and the keys of a scenario that have it."""

OWN = {
    "validate": {"integer": ("replicates", "people", "workers"), "text": ("out", "parameters")},
    "sensitivity": {
        "integer": ("samples", "people", "workers", "seed", "studies"),
        "text": ("out", "over", "outcomes"),
        "name": ("method", "on", "groups"),
    },
    "theories": {
        "integer": ("studies", "people", "workers", "seed"),
        "text": ("out", "subjects"),
        "name": ("grid",),
    },
    "obstacles": {"integer": ("replicates", "people", "workers", "seed"), "text": ("out",)},
    "calibrate prior": {"integer": ("points", "people", "workers", "seed"), "text": ("out", "over")},
    "calibrate waves": {
        "integer": ("points", "studies", "people", "waves", "seed", "workers"),
        "number": ("discrepancy",),
        "text": ("out", "over"),
    },
    "calibrate posterior": {"integer": ("sets", "studies", "truths", "workers"), "text": ("out",)},
    "calibrate folds": {"integer": ("sets", "workers"), "text": ("out",)},
    "benchmark": {"flag": ("quick",), "text": ("out",)},
    "compare": {"integer": ("replicates", "workers"), "text": ("out",)},
    "why": {"integer": ("replicates", "orders", "workers"), "text": ("out",)},
    "sweep": {
        "integer": ("points", "max_failures"),
        "number": ("time_limit",),
        "flag": ("monthly", "mix"),
        "text": ("file", "over", "executor.address"),
        "name": ("design",),
    },
}
"""Command -> type -> keys of its own."""

CALIBRATE = ("calibrate prior", "calibrate waves")

BEFORE = dict.fromkeys(("compare", "why"), ("case=C21", "case=C22"))


def table() -> Iterator[tuple[str, ...]]:
    """Command and arguments of every bad input."""
    for kinds, keys in SCENARIO.values():
        for number, key in enumerate(keys):
            allowed = ("[]",) if key in ("intervention",) else ()
            for value in kinds if number == 0 else kinds[(number % 3) :: 3][:SOME]:
                if value not in allowed:
                    more = ("intervention=links",) if key.startswith("intervention.") else ()
                    yield ("run", *more, f"{key}={value}")
    for value in NEVER:
        yield "run", f"seed={value}"
        yield "sweep", f"time_limit={value}", "out=x"
    for command, types in OWN.items():
        for kind, keys in types.items():
            for number, key in enumerate(keys):
                kinds = SCENARIO[kind][0]
                if key in ("over", "outcomes", "subjects"):
                    kinds = ("", "[]", "polcy", "7", "policy,policy", "'policy polcy'", "{a: b}", "null,x")
                for value in kinds if number == 0 else kinds[(number % 3) :: 3][:SOME]:
                    more = ("design=latin", "points=4") if (command, key) == ("sweep", "over") else ()
                    yield (*command.split(), *BEFORE.get(command, ()), *more, f"{key}={value}")
    yield from OTHERS
    for command in (
        "run",
        "sweep",
        "validate",
        "sensitivity",
        "theories",
        "obstacles",
        "benchmark",
        *CALIBRATE,
    ):
        for argument in (
            "gibberish",
            "=",
            "=1",
            "sead=1",
            "+seed=1",
            "ѕeed=1",
            "seed",
            "--seed",
            "-x",
            "",
            " ",
            "se ed=1",
        ):
            yield *command.split(), argument
        twice = "quick=true" if command == "benchmark" else "people=60"
        yield *command.split(), twice, twice


OTHERS: Sequence[tuple[str, ...]] = (
    *((command, "a\udcffb") for command in (*COMMANDS, *UNLISTED_COMMANDS)),
    *((command, "nowhere", "more", "than", "wanted") for command in ("status", "retry", "compact", "export")),
    *((command, "nowhere") for command in ("status", "retry", "compact", "export", "reproduce", "list")),
    *(
        (command, "x" * 5000)
        for command in ("status", "retry", "export", "reproduce", "list", "compare", "warm")
    ),
    *((command, "a\0b") for command in ("status", "export", "reproduce", "list")),
    ("x" * 5000,),
    ("ru\x1bn",),
    ("--version=1",),
    ("query",),
    ("query", "nowhere"),
    ("query", "nowhere", "select 1"),
    ("export", "nowhere", "to="),
    ("export", "nowhere", "to=a.zip", "to=b.zip"),
    ("list", "cases", "--tsv"),
    ("list", "parameters", "findings"),
    ("reproduce",),
    ("reproduce", "e01_types", "seed=1"),
    ("reproduce", "e01_types", "--fast"),
    ("validate", "--knockouts", "--knockouts"),
    ("validate", "people=100,200"),
    ("validate", "out=a,b"),
    ("validate", "out=${oc.env:HOME}"),
    ("obstacles", "out=???"),
    ("calibrate",),
    ("calibrate", "priors"),
    ("calibrate", "points=40"),
    ("calibrate", "x" * 5000),
    ("calibrate", "prior", "waves=3"),
    ("calibrate", "posterior"),
    ("calibrate", "folds", "out=nowhere"),
    ("calibrate", "waves", "over=policy.need"),
    ("calibrate", "prior", "over=work.bse"),
    ("warm", "people=3"),
    ("compare",),
    ("compare", "case=C21"),
    ("compare", "case=C21", "case=C22"),
    ("compare", "case=C21", "case=C21", "out=x"),
    ("compare", "", "case=C21", "out=x"),
    ("compare", "case=C21 'seed=1", "case=C22", "out=x"),
    ("compare", "nowhere", "case=C22", "out=x"),
    ("compare", "y" * 300, "case=C22", "out=x"),
    ("compare", "case=C21,C22", "case=C22", "out=x"),
    ("compare", "sweep=types", "case=C22", "out=x"),
    ("compare", "case=C21 replicates=3", "case=C22", "out=x"),
    ("compare", "case=C21 out=y", "case=C22", "out=x"),
    ("compare", "case=C21 profile=true", "case=C22", "out=x"),
    ("compare", "case=C21", "case=C22", "out=x", "out=x"),
    ("compare", "case=C21", "case=C22", "seed=1", "out=x"),
    ("why",),
    ("why", "case=C21", "case=C22", "reading=mipex_total"),
    ("why", "case=C21", "case=C22", "out=x"),
    ("why", "case=C21", "case=C22", "reading=", "out=x"),
    ("why", "case=C21", "case=C22", "reading=nothing", "out=x"),
    ("why", "case=C21", "case=C22", "reading=mipex_total", "channels=policy,policy", "out=x"),
    ("why", "case=C21", "case=C22", "reading=mipex_total", "hold=nothing", "out=x"),
    ("sweep", "case=C21"),
    ("sweep", "points=4", "out=x"),
    ("sweep", "design=latin", "out=x"),
    ("sweep", "design=sobol", "over=policy", "points=3", "out=x"),
    ("sweep", "file=nowhere.csv", "out=x"),
    ("sweep", "out=x,y"),
    ("sweep", "replicates=1,2", "out=x"),
    ("sweep", "hydra.launcher._target_=os.system", "out=x"),
    ("run", "case=C21", "case=C22"),
    ("run", "size=rural", "locality.size=rural"),
    ("run", "locality=marginal", "locality.type=left_behind"),
    ("run", f"parameters.{'a.' * 5000}a=1"),
    ("run", f"out={'x' * 250_000}"),
    ("run", "theory/contact=none", "theory.contact=none"),
    ("run", "theory/contact=[none,moderated]"),
    ("run", "intervention=[links,links]"),
    ("run", "intervention=null"),
    ("run", "intervention.links.start=2019-01"),
    ("run", "intervention=links", "intervention.links.start=2019-01", "intervention.links.end=2019-01"),
    ("run", "case=[C31,C32]", "intervention=links", "intervention.links.where=[C31,C31]"),
    ("run", "case=[C31,C32]", "locality.rrp_share=[0.1,0.2]"),
    ("run", "case=[C31,C31]"),
    ("run", "schedule.drop=[policy,policy]"),
    ("run", "schedule.processes=[work]", "schedule.drop=[policy]"),
    ("run", "people=500", "scale=0.1"),
    ("run", "case=C21", "locality.file=mine.yaml"),
    ("run", "locality.place={name: a}"),
    ("run", "locality.place.name=a"),
    ("run", "case=${case}"),
    ("run", "case=${seed}"),
    ("run", "case=${oc.env:NO_SUCH_NAME}"),
    ("run", "case=${oc.create:{_target_: os.system}}"),
    ("run", "parameters.policy=1"),
    ("run", "parameters={}"),
    ("run", "parameters.policy.load={_target_: os.system}"),
    ("run", "-m", "hydra/launcher=basic,basic"),
    ("run", "-m", "hydra/launcher=[basic]"),
    ("run", "-m", "hydra/launcher=null"),
    ("run", "-m", "hydra/launcher=../../../tmp/evil", "seed=1,2"),
    ("run", "-m", "hydra/sweeper=nevergrad", "seed=1,2"),
    ("run", "-m", "hydra.launcher._target_=os.system", "seed=1,2"),
    ("run", "-m", "hydra.launcher._convert_=all", "seed=1,2"),
    ("run", "-m", "hydra.launcher.a._partial_=true", "seed=1,2"),
    ("run", "-m", "hydra.launcher.a={_target_: os.system}", "seed=1,2"),
    ("run", "-m", "hydra.launcher.a={b: [{'_args_': 1}]}", "seed=1,2"),
    ("run", "-m", "hydra.launcher.n_jobs=2", "seed=1,2"),
    ("run", "-m", "hydra.launcher=basic", "seed=1,2"),
    ("run", "-m", "hydra.sweeper._target_=x", "seed=1,2"),
    ("run", "-m", "hydra.sweeper.params={seed: 1}", "seed=1,2"),
    ("run", "-m", "hydra.sweeper.max_batch_size=0", "seed=1,2"),
    ("run", "-m", "hydra.sweeper.max_batch_size=many", "seed=1,2"),
    ("run", "-m", "hydra.sweeper.max_batch_size=1,2", "seed=1,2"),
    ("run", "-m", "hydra.searchpath=[file:///tmp]"),
    ("run", "-m", "hydra.callbacks.x._target_=os.system"),
    ("run", "-m", "hydra=x"),
    ("run", "-m", "hydrax=1"),
    ("run", "-m", "seed=1,1"),
    ("run", "-m", "seed=range(5,1)"),
    ("run", "-m", "seed=range(1,5,0)"),
    ("run", "-m", "seed=range(1,1000000000000)"),
    ("run", "-m", "locality.rrp_share=range(0,1,1e-12)"),
    ("run", "-m", "seed=range(1,200)", "people=range(100,200)"),
    ("run", "-m", "seed=glob(*)"),
    ("run", "-m", "size=glob(*)"),
    ("run", "-m", "seed=shuffle(1,2)"),
    ("run", "-m", "seed=choice()"),
    ("run", "-m", "size=rural,[small]"),
    ("run", "-m", "size=rural,null"),
    ("run", "-m", "seed=1,1.5"),
)

TABLE = list(dict.fromkeys(table()))


def shortened(arguments: Sequence[str]) -> str:
    return " ".join(ascii(each)[1:-1][:40] for each in arguments)


def test_the_table_is_large_and_meets_every_command() -> None:
    assert len(TABLE) >= 300
    assert {each[0] for each in TABLE} >= {*COMMANDS, *UNLISTED_COMMANDS}


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder. Accepted input stops before it runs, because a run would take minutes."""

    def accepted(*_: object) -> None:
        raise AssertionError("accepted")

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_SUCH_NAME", raising=False)
    monkeypatch.setattr(folders, "prepare", accepted)
    monkeypatch.setattr(
        "woc_sim.cli.run.compose_in_helper", lambda typed: compose.compose_request(typed, multirun=False)
    )
    for follows in ("run_single", "_run_multirun"):
        monkeypatch.setattr(f"woc_sim.cli.run.{follows}", accepted)
    return tmp_path


@pytest.mark.parametrize("arguments", TABLE, ids=shortened)
def test_it_is_refused_in_one_sentence(
    empty: Path, capsys: pytest.CaptureFixture[str], arguments: Sequence[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    sentence = printed.err.removesuffix("\n")
    assert sentence.startswith("woc-sim: ")
    assert sentence.isprintable(), "one line, without control characters"
    assert len(sentence) <= 300 + len("woc-sim: ")
    assert printed.out == ""
    assert list(empty.iterdir()) == []
