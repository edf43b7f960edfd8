"""Random input, in settings and in files of settings and points, is accepted or refused in one sentence.

WOC_SIM_FUZZ=N tries N examples of each instead of a few.
"""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from woc_sim.cli import compare, obstacles, sensitivity, theories, validate, why
from woc_sim.cli import settings as flat
from woc_sim.cli.compose import compose_request
from woc_sim.cli.overrides import groups, keys
from woc_sim.cli.sweep import READERS, requested_design
from woc_sim.errors import UserError
from woc_sim.scenario.locality_file import LOCALITY_FILE_KEYS
from woc_sim.scenario.parse import parse, parse_scenario

pytestmark = pytest.mark.fuzz
FEW = settings(max_examples=int(os.environ.get("WOC_SIM_FUZZ", "25")))

WORDS = """
    1 -1 0 1.5 1e3 1e999 nan inf null true yes ~ 0100 1:30 1_0 ' " '' '7' [ ] [] { } {} [[ , : = # &a *a
    !!float ??? --- ... | > % @ ` \\ - ? << ${ ${case} ${seed} ${oc.env:HOME} ${hydra:job} ${..a}
    range( range(1,3) glob(*) choice( ) int(3.7) tag(a,1) sort(2,1) shuffle(1,2) _target_ ../x / . 2018-01
    2018 rural mixed C21 C31 DE links policy work none basic small case=
"""
PIECES = (
    *WORDS.split(),
    *("", " ", ", ", ": ", " #", "- ", "? ", "_target_: os.system", "!!float x", "9" * 30, "9" * 5000),
    *("\n", "\t", "\r", "\0", "\x1b[31m", "\u202e", "\ud800", "\ufeff"),
)
"""What values are made of: words that mean something to Hydra, to YAML or to us, and what breaks readers."""

values = st.one_of(
    st.sampled_from(PIECES),
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=4).map(lambda each: f"[{','.join(each)}]"),
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(repr),
)
names = st.one_of(
    st.sampled_from(sorted({*keys(), *groups()})),
    st.sampled_from(("hydra/launcher", "hydra/sweeper", "hydra.launcher.x", "hydra")),
    st.text(max_size=8),
)


def refused(call: Any, *arguments: Any, **more: Any) -> Any:
    """The result of a call, or None if it was refused in one sentence; every other error is a bug."""
    try:
        return call(*arguments, **more)
    except UserError as error:
        sentence = error.sentence
    assert 0 < len(sentence) <= 300
    assert sentence.isprintable()
    return None


@FEW
@given(
    st.lists(st.tuples(names, st.sampled_from(("=", "=", "=", "", "==")), values), max_size=3), st.booleans()
)
def test_settings_of_a_run(typed: list[tuple[str, str, str]], several: bool) -> None:
    asked = refused(compose_request, ["".join(each) for each in typed], several)
    assert asked is None or asked.points


COMMANDS = {
    "validate": validate,
    "sensitivity": sensitivity,
    "theories": theories,
    "obstacles": obstacles,
    "compare": compare,
    "why": why,
}


@FEW
@given(
    st.sampled_from(sorted(COMMANDS)),
    st.sampled_from(("people", "workers", "replicates", "seed", "out")),
    values,
)
def test_a_setting_means_the_same_in_every_command(command: str, key: str, value: str) -> None:
    readers = COMMANDS[command].READERS
    if key not in readers:
        return
    held = refused(flat.read_settings, [f"{key}={value}"], readers)
    asked = refused(compose_request, [f"{key}={value}"], False)
    if asked is not None and held is not None:
        point = asked.points[0]
        meant = getattr(point.options, key) if hasattr(point.options, key) else getattr(point.scenario, key)
        default = getattr(parse({})[1], key, None) or getattr(parse({})[0], key, None)
        assert held[0].get(key, default) == meant
    if held is not None and held[0]:
        assert asked is not None, "what one command takes the other takes too"


@FEW
@given(st.sampled_from(sorted(READERS)), values)
def test_settings_of_a_sweep(key: str, value: str) -> None:
    refused(flat.read_settings, [f"{key}={value}"], READERS)


odd = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), values),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=4), st.integers()), inner, max_size=3),
    ),
    max_leaves=6,
)
GOOD = {"name": "Hillford", "framework": "AT", "size": "rural", "executive": "mixed", "rrp_share": 0.15}


@FEW
@given(st.dictionaries(st.sampled_from(sorted(keys())), odd, max_size=3), odd)
def test_settings_of_python(given_settings: dict[str, Any], whole: Any) -> None:
    refused(parse, given_settings)
    refused(parse, whole)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("read")


def bodies(some: dict[str, Any], known: tuple[str, ...]) -> Any:
    """Contents of a file: settings with unusual values among them, lines of fragments, bytes."""
    changed = st.dictionaries(st.sampled_from(known), odd, max_size=2).map(lambda more: {**some, **more})
    lines = st.lists(st.tuples(st.sampled_from(known), values).map(": ".join), max_size=6).map("\n".join)
    return st.one_of(
        changed.map(lambda each: yaml.safe_dump(each, allow_unicode=True).encode(errors="surrogateescape")),
        lines.map(lambda text: text.encode(errors="surrogatepass")),
        odd.map(lambda each: yaml.safe_dump(each).encode()),
        st.binary(max_size=60),
    )


@FEW
@given(bodies(GOOD, LOCALITY_FILE_KEYS))
def test_a_locality_file(folder: Path, content: bytes) -> None:
    path = folder / "mine.yaml"
    path.write_bytes(content)
    refused(parse_scenario, {"locality.file": str(path)})


CONFIG = (
    "case",
    "seed",
    "months",
    "locality",
    "locality.size",
    "parameters",
    "intervention",
    "schedule",
    "out",
    "hydra",
)


@FEW
@given(bodies({"case": "C21", "seed": 7}, CONFIG))
def test_the_settings_of_a_run_that_is_compared(folder: Path, content: bytes) -> None:
    (folder / "config.yaml").write_bytes(content)
    refused(compare.scenario_of, str(folder))


cells = st.one_of(names, values)
rows = st.one_of(
    st.lists(st.lists(cells, min_size=2, max_size=2), max_size=3),
    st.lists(values, min_size=1, max_size=3).map(
        lambda each: [["seed", "size"], *(["1", value] for value in each)]
    ),
)


@FEW
@given(st.one_of(rows.map(lambda each: "\n".join(map(",".join, each))), st.text(max_size=40)))
def test_a_file_of_points(folder: Path, content: str) -> None:
    path = folder / "points.csv"
    path.write_bytes(content.encode(errors="surrogatepass"))
    refused(requested_design, ["case=C21"], {"file": str(path)})
