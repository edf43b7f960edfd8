"""The library as a Python user meets it: public names, read-only scenarios, plain answers to nonsense."""

import copy
import inspect
import json
import math
import os
import pickle
import pydoc
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import numpy as np
import pytest

import woc_sim
import woc_sim.scenario.parse
from woc_sim import Intervention, LocalitySpec, Scenario, Shocks, UserError, scenario
from woc_sim.cli.main import main
from woc_sim.ensemble import arguments
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.store import write_frame
from woc_sim.library.runs import read_tables
from woc_sim.scenario.identity import canonical, scenario_hash
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.parameters import defaults

C21 = from_case("C21")
SMALL = scenario(case="C21", seed=7, people=80, months=3)
OWN = Scenario(
    (LocalitySpec("mine", "mine", "DE", rrp_share=(0.1, 0.2)),),
    seed=7,
    theories={"rrp": "penalty"},
    parameters={"policy.load": 0.2},
    interventions=(Intervention("links", 24, 144, 1.0, ("mine",)),),
    shocks=Shocks(covid=0.0),
)


def is_a_sentence(told: pytest.ExceptionInfo[UserError]) -> bool:
    return len(str(told.value)) <= 300 and str(told.value).isprintable()


def test_a_scenario_cannot_be_changed_from_inside_or_from_what_it_was_made_of():
    given = {"policy.load": 0.2}
    places = [C21]
    made = Scenario(places, parameters=given)  # type: ignore[arg-type]
    given["policy.load"] = 0.9
    places.clear()
    assert made.parameters["policy.load"] == 0.2
    assert made.localities == (C21,)
    for change in (
        lambda: made.parameters.__setitem__("policy.load", 99),  # type: ignore[attr-defined]
        lambda: made.parameters.update(x=1),  # type: ignore[attr-defined]
        lambda: made.parameters.pop("policy.load"),  # type: ignore[attr-defined]
        lambda: made.theories.clear(),  # type: ignore[attr-defined]
        lambda: made.theories.setdefault("x", "y"),  # type: ignore[attr-defined]
    ):
        with pytest.raises(UserError, match="cannot be changed"):
            change()
    with pytest.raises(FrozenInstanceError):
        made.seed = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        C21.name = "C22"  # type: ignore[misc]
    assert made.parameters["policy.load"] == 0.2


@pytest.mark.parametrize("made", [SMALL, OWN, Scenario(())])
def test_scenarios_copy_pickle_and_hash_and_keep_their_identity(made):
    for twin in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made), copy.copy(made), replace(made)):
        assert twin == made
        assert hash(twin) == hash(made)
        assert hash(twin.parameters) == hash(made.parameters)
        assert canonical(twin) == canonical(made)
        with pytest.raises(UserError):
            twin.parameters["policy.load"] = 1.0
    assert list(made.parameters) == list(defaults())


def test_the_canonical_form_is_that_of_plain_mappings():
    asked = scenario(case="C21", seed=7)

    def plain(part):
        values = {each.name: getattr(part, each.name) for each in fields(part)}
        return {name: dict(value) if isinstance(value, dict) else value for name, value in values.items()}

    assert canonical(asked) == json.dumps(asked, default=plain, sort_keys=True, separators=(",", ":"))
    by_hand = Scenario((C21,), seed=7, parameters=defaults(), theories=dict(asked.theories))
    assert scenario_hash(by_hand) == scenario_hash(asked)


def test_numbers_of_numpy_are_the_plain_numbers_that_they_are():
    made = Scenario(
        (replace(C21, rrp_share=np.array([0.1, 0.2]), unemployment=np.float32(0.25)),),  # type: ignore[arg-type]
        seed=np.int64(7),  # type: ignore[arg-type]
        people=np.uint16(300),  # type: ignore[arg-type]
        scale=np.float64(0.5),
        parameters={"policy.load": np.float64(0.2), "policy.party": np.array(0.25)},  # type: ignore[dict-item]
        interventions=(Intervention("links", np.int32(24), np.int64(30), np.float32(1.0)),),  # type: ignore[arg-type]
    )
    assert {type(value) for value in made.parameters.values()} == {float}
    assert (type(made.seed), type(made.people), type(made.scale)) == (int, int, float)
    assert made.localities[0].rrp_share == (0.1, 0.2)
    assert made.localities[0].unemployment == (0.25, 0.25)
    assert "numpy" not in canonical(made)
    assert len(woc_sim.run(SMALL, replicates=np.int64(2)).final) == 2  # type: ignore[arg-type]


NONSENSE = [
    (lambda: Scenario("C21"), "localities is 'C21'"),
    (lambda: Scenario(C21), "localities is LocalitySpec"),
    (lambda: Scenario((C21, "C22")), "allowed: a tuple of LocalitySpec"),
    (lambda: Scenario((C21, C21)), "each name of a locality once"),
    *[
        (lambda key=key, value=value: Scenario((C21,), **{key: value}), f"{key} is ")
        for key, values in {
            "seed": (-1, 1.5, "7", True, None, float("nan"), 2**63, [1]),
            "months": (0, -3, 145, 1.5, "12", None),
            "people": (0, 49, 10**7, "many", True, float("inf")),
            "scale": (0, -1, 2, "all", float("nan"), True),
            "parameters": ("policy.load", [1], 5),
            "theories": ("penalty", [1], 5),
            "interventions": ("links", [1], {"links": 1}),
            "shocks": ({"covid": 0}, None, 1),
            "schedule": ("policy", 5, [1]),
        }.items()
        for value in values
    ],
    *[
        (
            lambda value=value: Scenario((C21,), parameters={"policy.load": value}),
            "parameters.policy.load is ",
        )
        for value in (float("nan"), float("inf"), "much", None, True, [0.2], np.array([0.2]), 10**400)
    ],
    (lambda: Scenario((C21,), parameters={"policy.laod": 0.2}), "did you mean 'parameters.policy.load'"),
    (lambda: Scenario((C21,), parameters={3: 0.2}), "'parameters.3' does not exist"),
    (lambda: Scenario((C21,), theories={"rpp": "penalty"}), "did you mean 'theories.rrp'"),
    (lambda: Scenario((C21,), theories={"rrp": "penality"}), "did you mean 'penalty'"),
    (lambda: Scenario((C21,), schedule=("polcy",)), "did you mean 'policy'"),
    (lambda: Scenario((C21,), schedule=("policy", "policy")), "each process once"),
    (lambda: Scenario((C21,), interventions=(Intervention("links", 1, 9, 1.0, ("C22",)),)), "where is 'C22'"),
    (lambda: Intervention("linsk", 1, 9, 1.0), "did you mean 'links'"),
    (lambda: Intervention("links", 9, 9, 1.0), "intervention.links.end is 9"),
    (lambda: Intervention("links", "2014-01", 9, 1.0), "intervention.links.start is '2014-01'"),
    (lambda: Intervention("links", 1, 9, 1.5), "intervention.links.strength is 1.5"),
    (lambda: Intervention("links", 1, 9, 1.0, "C21"), "intervention.links.where is 'C21'"),
    (lambda: Shocks(covid=-1), "shocks.covid is -1"),
    (lambda: Shocks(media="none"), "shocks.media is 'none'"),
    (lambda: LocalitySpec("", "x", "DE"), "locality.name is ''"),
    (lambda: LocalitySpec("x", "x", "XX"), "locality.framework is 'XX'"),
    (lambda: LocalitySpec("x", "x", "DE", size="smal"), "did you mean 'small'"),
    *[
        (
            lambda value=value: LocalitySpec("x", "x", "DE", rrp_share=value),
            "locality.rrp_share is ",
        )
        for value in (2.0, "high", (0.3, 0.1), (0.1,), (0.1, float("nan")), (0.1, "b"), np.array([0.1] * 3))
    ],
    *[
        (lambda value=value: woc_sim.run(value), "scenario is ")
        for value in ("C21", None, 7, [SMALL], (SMALL,), object(), Scenario)
    ],
    (lambda: woc_sim.run(Scenario(())), "has no localities"),
    (lambda: woc_sim.run(replace(SMALL, parameters={"policy.load": 99.0})), "parameters.policy.load is 99"),
    (lambda: woc_sim.run({"case": "C99"}), "'C99' does not exist"),
    (lambda: woc_sim.run({"sead": 1}), "did you mean 'seed'"),
    (lambda: woc_sim.run({1: 2}), "the key 1 is not a name"),
    (lambda: woc_sim.run({"case": "C21", "replicates": 2}), "'replicates' does not exist"),
    *[
        (lambda value=value: woc_sim.run(SMALL, replicates=value), "replicates is ")
        for value in (-1, 0, True, 1.5, "3", None, [2], float("nan"))
    ],
    *[
        (lambda value=value: woc_sim.run(SMALL, workers=value), "workers is ")
        for value in (-1, 0, True, 1.5, "2", None, 2000)
    ],
    *[
        (lambda value=value: woc_sim.sweep(value, 1, "nowhere"), "points is ")
        for value in ([], [SMALL], {}, None, "C21", SMALL)
    ],
    (lambda: woc_sim.sweep({"a": "C21"}, 1, "nowhere"), "the point 'a' is 'C21'"),
    (lambda: woc_sim.sweep({"a": Scenario(())}, 1, "nowhere"), "the point 'a' has no localities"),
    *[
        (lambda value=value: woc_sim.sweep({value: SMALL}, 1, "nowhere"), "a key of points is ")
        for value in ("", 3, None, (), ("a", "b"), ("ab", "cd"), (("a",),), ((1, 2),), (("a", 1), ("a", 2)))
    ],
    *[
        (lambda value=value: woc_sim.sweep({(("a", value),): SMALL}, 1, "nowhere"), "axis a is ")
        for value in (object(), math.nan, np.float64("inf"), (0.1, -math.inf), "\udcff")
    ],
    (lambda: woc_sim.sweep({(("\udcff", 1),): SMALL}, 1, "nowhere"), "a key of points is "),
    *[
        (lambda value=value: woc_sim.sweep({"a": SMALL}, 1, value), "out is ")
        for value in ("", "  ", None, 3, "a\0b", b"nowhere")
    ],
    (lambda: woc_sim.sweep({"a": SMALL}, 0, "nowhere"), "replicates is 0"),
    (lambda: woc_sim.sweep({"a": SMALL}, 1, "nowhere", workers=0), "workers is 0"),
    (lambda: woc_sim.sweep({"a": SMALL}, 1, "nowhere", monthly="yes"), "monthly is 'yes'"),
    (lambda: woc_sim.sweep({"a": SMALL}, 1, "nowhere", progress=1), "progress is 1"),
    *[(lambda value=value: woc_sim.load(value), "folder is ") for value in ("", None, 3, "a\0b")],
    (lambda: woc_sim.load("nowhere"), "nowhere holds no run; `woc-sim run` makes one"),
    *[(lambda value=value: woc_sim.load_sweep(value), "folder is ") for value in ("", None, 3)],
    (lambda: woc_sim.load_sweep("nowhere"), "nowhere holds no sweep"),
    (lambda: woc_sim.load_sweep("nowhere", monthly=1), "monthly is 1"),
    (lambda: woc_sim.problem_of(3), "folder is "),
    (lambda: woc_sim.problem_of("nowhere"), "nowhere holds no sweep"),
    (lambda: scenario(case="C21", out="x"), "'out' does not exist"),
]


@pytest.mark.parametrize(("ask", "told"), NONSENSE)
def test_nonsense_is_answered_in_a_sentence_and_writes_nothing(ask, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as raised:
        ask()
    assert told in str(raised.value)
    assert is_a_sentence(raised)
    assert not list(tmp_path.iterdir())


def test_a_null_model_may_take_away_what_no_user_may():
    without = replace(SMALL, parameters={**SMALL.parameters, "frames.purse": 0.0})
    assert without.parameters["frames.purse"] == 0.0
    with pytest.raises(UserError, match=r"parameters\.frames\.purse is 0\.0; allowed: a number from 1"):
        arguments.scenario_of(without)


def test_settings_run_as_a_scenario_does_and_tables_know_what_was_run():
    tables = woc_sim.run({"case": "C21", "seed": 7, "people": 80, "months": 3})
    assert tables.scenario == SMALL
    assert scenario(**tables.settings) == SMALL
    again = woc_sim.run(tables.scenario)
    assert again.final.equals(tables.final)
    assert again.monthly.equals(tables.monthly)
    shown = repr(tables)
    assert shown == (
        f"RunTables(rows x columns: monthly 3 x {tables.monthly.shape[1]}, "
        f"final 1 x {tables.final.shape[1]}; "
        "scenario(case='C21', seed=7, months=3, people=80))"
    )


def test_what_is_taken_is_passed_on():
    names = (("size", "small"), ("load", np.float64(0.1)))
    points = {names: SMALL, np.str_("as it was"): {"case": "C27"}, ((np.str_("a"), np.str_("b")),): SMALL}
    found = arguments.points_of(points)
    assert {type(text) for axes, _ in found[1:] for text in (*axes, *axes.values())} == {str}
    assert found[0] == ({"size": "small", "load": 0.1}, SMALL)
    assert type(found[0][0]["load"]) is float
    assert found[1] == ({"point": "as it was"}, scenario(case="C27"))
    assert arguments.folder_of("out", Path("a") / "b") == Path("a/b")
    cluster = Dask(2)
    assert arguments.workers_of(cluster) is cluster
    assert arguments.workers_of(np.int64(2)) == 2


@pytest.mark.parametrize(
    "settings",
    [
        {"case": "C21", "seed": 7},
        {"case": "C21", "seed": 7, "parameters": {"policy.load": 0.2}},
        {"case": ["C31", "C32"], "intervention": {"links": {"start": "2018-01", "where": ["C31"]}}},
        {"size": "rural", "executive": "mixed", "locality": {"rrp_share": 0.2}},
        {"locality": {"type": "marginal", "framework": "IT", "inhabitants": [5000.0, 6000.0]}},
        {"case": "C21", "theory": {"rrp": "penalty"}, "schedule": {"drop": ["encounters"]}},
        {"case": "C21", "months": 12, "people": 90, "shocks": {"covid": 0.0}},
        {"case": "C21", "scale": 0.01},
        {"case": "C21", "schedule": {"processes": ["policy", "work"]}},
    ],
)
def test_a_scenario_shows_the_settings_that_make_it(settings):
    made = scenario(**settings)
    assert eval(repr(made), {"scenario": scenario}) == made
    assert len(repr(made)) < 160
    keys = list(settings)
    assert sorted(keys, key=repr(made).index)  # every key that was given is there


def test_what_departs_is_all_that_is_shown():
    assert repr(scenario(case="C21", seed=7)) == "scenario(case='C21', seed=7)"
    assert repr(scenario()) == "scenario()"
    assert repr(Shocks(covid=0.0)) == "Shocks(covid=0.0)"
    assert repr(OWN) == (
        "Scenario(localities=(LocalitySpec(name='mine', case='mine', framework='DE', rrp_share=(0.1, 0.2)),),"
        " seed=7, theories={'rrp': 'penalty'}, parameters={'policy.load': 0.2}, interventions=(Intervention("
        "name='links', start=24, end=144, strength=1.0, where=('mine',)),), shocks=Shocks(covid=0.0))"
    )
    assert eval(repr(OWN), vars(woc_sim.scenario.schema)) == OWN
    assert eval(repr(Scenario(())), {"Scenario": Scenario}) == Scenario(())


CONFIG = "case: C21\nseed: 7\npeople: 80\nmonths: 3\nreplicates: 1\n"


@pytest.fixture
def run_folder(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    tables = woc_sim.run(SMALL)
    write_frame(folder / "monthly.parquet", tables.monthly)
    write_frame(folder / "final.parquet", tables.final)
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


def test_a_run_folder_gives_its_scenario_back(tmp_path):
    run_folder = tmp_path / "run"
    assert main(["run", *CONFIG.replace(": ", "=").split(), f"out={run_folder}"]) == 0
    for place in (run_folder, str(run_folder), os.fspath(run_folder) + "/"):
        tables = woc_sim.load(place)
        assert tables.scenario == SMALL
        assert tables.settings["replicates"] == 1
        assert woc_sim.run(tables.scenario).final.equals(tables.final)


DAMAGE = [
    ("config.yaml", None, "config.yaml is missing"),
    ("monthly.parquet", None, "monthly.parquet is missing"),
    ("final.parquet", None, "final.parquet is missing"),
    ("config.yaml", b"", "holds no settings"),
    ("config.yaml", b"- case", "holds no settings"),
    ("config.yaml", b"case: [", "is not valid YAML"),
    ("config.yaml", b"case: C99\n", "config.yaml: case 'C99' does not exist"),
    ("config.yaml", b"cas: C21\n", "did you mean 'case'"),
    ("config.yaml", b"locality.file: /nowhere/x.yaml\n", "cannot be read"),
    ("final.parquet", b"", "final.parquet is damaged"),
    ("final.parquet", b"PAR1 but not quite PAR1", "final.parquet is damaged"),
    ("monthly.parquet", "final.parquet", "does not begin with the columns"),
]


@pytest.mark.parametrize(("name", "content", "told"), DAMAGE)
def test_a_missing_or_damaged_file_is_named_in_a_sentence(run_folder, name, content, told, monkeypatch):
    monkeypatch.chdir(run_folder.parent)  # so that the sentence begins with a short path
    path = run_folder / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes((run_folder / content).read_bytes() if isinstance(content, str) else content)
    with pytest.raises(UserError) as raised:
        read_tables(Path("run"))
    assert told in str(raised.value)
    assert is_a_sentence(raised)


def test_a_notebook_shows_the_sentence_of_a_user_error():
    with pytest.raises(UserError) as raised:
        scenario(sead=1)
    # what IPython's showtraceback asks an exception for before it draws its own traceback
    shown = raised.value._render_traceback_()
    assert shown == [f"UserError: {raised.value.sentence}"]


def test_every_public_name_is_listed_and_documented():
    assert set(woc_sim.__all__) <= set(dir(woc_sim))
    assert woc_sim.__doc__ is not None
    for name in set(woc_sim.__all__) - {"__version__"}:
        assert f"`{name}" in woc_sim.__doc__, name
        assert getattr(woc_sim, name).__doc__
    functions = (
        woc_sim.run,
        woc_sim.sweep,
        woc_sim.load,
        woc_sim.load_sweep,
        woc_sim.problem_of,
        woc_sim.why,
        woc_sim.compare,
        woc_sim.grid,
        woc_sim.misfit,
        woc_sim.problem,
    )
    for function in functions:
        told = pydoc.render_doc(function)
        assert all(part in told for part in ("Parameters", "Returns", "Raises", "UserError"))
    assert (Path(woc_sim.__file__).parent / "py.typed").is_file()


def test_help_shows_every_public_name_and_no_signature_says_any() -> None:
    told = pydoc.plain(pydoc.render_doc(woc_sim))
    public = set(woc_sim.__all__) - {"__version__", "scenario"}
    for name in public:
        assert re.search(rf"^    (class )?{name}\b", told, re.MULTILINE), name
    problem = woc_sim.Problem  # a dict, which has no signature
    asked = [woc_sim.scenario, problem.evaluate, problem.table, problem.__call__]
    for made in [*asked, *(getattr(woc_sim, name) for name in public - {"Problem"})]:
        signature = inspect.signature(made)
        texts = [str(each.annotation) for each in signature.parameters.values()]
        assert not [text for text in (*texts, str(signature.return_annotation)) if "Any" in text], made
    assert "intervention : a name" in pydoc.plain(pydoc.render_doc(woc_sim.scenario))


def test_the_words_after_scenario_can_be_completed() -> None:
    given = set(inspect.signature(woc_sim.scenario).parameters) - {"given", "settings"}
    assert given == set(woc_sim.scenario.parse.SCENARIO_KEYS)


def test_the_scenario_package_is_also_the_function() -> None:
    asked = scenario(case="C21", seed=7)
    assert isinstance(asked, Scenario)
    assert woc_sim.scenario(case="C21", seed=7) == asked
    assert woc_sim.scenario.parse.parse({"case": "C21", "seed": 7})[0] == asked
    with pytest.raises(UserError, match="'sead' does not exist"):
        scenario(sead=1)


def test_every_public_name_exists() -> None:
    for name in woc_sim.__all__:
        assert getattr(woc_sim, name)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(woc_sim, "nothing")  # noqa: B009


def test_the_first_lines_of_a_user_work_in_a_fresh_interpreter() -> None:
    code = "from woc_sim import scenario, run; print(scenario(case='C21').localities[0].name, run.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "C21 run\n"


def test_the_import_stays_light_and_the_package_can_be_looked_at_before_it_is_used() -> None:
    code = (
        "import sys, woc_sim; assert 'Model' in dir(woc_sim); "
        "print(sorted({'numpy', 'pandas', 'numba', 'mesa', 'pyarrow', 'hydra'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "[]\n"
