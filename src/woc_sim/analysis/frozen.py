"""What was frozen, and what moved since.

``evidence/frozen.json`` holds the roles of all findings, hashes of the checks, of what they share, of the
published numbers and of the inputs, and the thresholds of the judgement, as they were when held-out results
were last looked at on purpose. Whatever moved since then moved with these results in sight, or may have. So a
report names it beside the verdicts.

Roles can only get weaker: from held out to hypothesis, fit, and not judgeable or condition. `freeze` refuses
one that got stronger.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from woc_sim.analysis.checks import checks
from woc_sim.evidence import catalogue
from woc_sim.evidence.catalogue import Finding, findings, targets
from woc_sim.files import write_text
from woc_sim.inputs import vocabulary

FROZEN: Final = catalogue.FOLDER / "frozen.json"
STRENGTH: Final[Mapping[str, int]] = {
    "held_out": 3,
    "hypothesis": 2,
    "fit": 1,
    "condition": 0,
    "not_judgeable": 0,
}
"""How much agreement with a finding of this role counts; a role may only move downwards."""
JUDGES: Final = ("scoreboard", "fit_statistics", "fit_figures")
"""Modules of `woc_sim.analysis` that give verdicts and the figures for calibration."""
NO_JUDGEMENT: Final = ("explanations.yaml", "mechanisms.yaml")
"""Tables of `woc_sim.analysis` on which no verdict depends."""


class StrongerRoleError(ValueError):
    """A finding would get a stronger role than it had."""


def _hash(text: str) -> str:
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]


@cache
def _source(module: str) -> str:
    return inspect.getsource(sys.modules[module])


def _check_hashes() -> dict[str, str]:
    """Hash of the source of each check; spaces and line ends do not count."""
    return {name: _hash(inspect.getsource(each.function)) for name, each in sorted(checks().items())}


def _module_hashes() -> dict[str, str]:
    """Hash of each module that a verdict or a fit statistic rests on, less the checks in it."""
    hashes = {}
    for module in _judging_modules():
        rest = _source(module)
        for each in checks().values():
            if each.function.__module__ == module:
                rest = rest.replace(inspect.getsource(each.function), "")
        hashes[module.rpartition(".")[2]] = _hash(rest)
    return hashes


@cache
def _judging_modules() -> tuple[str, ...]:
    """The modules of the checks and `JUDGES`, and whatever of `woc_sim.analysis` these import."""
    found: set[str] = set()
    left = {each.function.__module__ for each in checks().values()}
    left |= {f"woc_sim.analysis.{name}" for name in JUDGES}
    while left:
        module = left.pop()
        import_module(module)
        found.add(module)
        left |= set(re.findall(r"^from (woc_sim\.analysis\.\w+) import", _source(module), re.M)) - found
    return tuple(sorted(found))


def _thresholds() -> dict[str, float]:
    """Every number that stands as a constant in one of these modules."""
    found = {}
    for name in _judging_modules():
        module = sys.modules[name]
        for constant, value in sorted(vars(module).items()):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if constant.isupper() and number and f"\n{constant}" in _source(module.__name__):
                found[f"{name.rpartition('.')[2]}.{constant}"] = value
    return found


def _published(entry: Finding) -> str:
    names = ("unit", "low", "high", "direction", "n", "subset", "check", "regroup")
    kept = {name: getattr(entry, name) for name in names}
    return _hash(json.dumps({**kept, "values": dict(entry.values)}, sort_keys=True))


def _file_hashes(folder: Path, pattern: str) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in sorted(folder.glob(pattern))
    }


def _tables_of_analysis() -> dict[str, str]:
    found = _file_hashes(Path(__file__).parent, "*.yaml")
    return {name: value for name, value in found.items() if name not in NO_JUDGEMENT}


def present_state() -> dict[str, dict[str, Any]]:
    """Roles, checks, thresholds, published numbers and inputs as they are now, in the form of frozen.json."""
    entries = (*findings(), *targets())
    return {
        "roles": {entry.id: entry.role.name for entry in entries},
        "checks": _check_hashes(),
        "modules": _module_hashes(),
        "thresholds": _thresholds(),
        "published": {entry.id: _published(entry) for entry in entries},
        "tables": _file_hashes(catalogue.FOLDER / "tables", "*.csv") | _tables_of_analysis(),
        "inputs": _file_hashes(Path(vocabulary.__file__).parent, "*.csv"),
    }


def frozen_state(path: Path = FROZEN) -> dict[str, Any]:
    """What frozen.json holds: the parts of `present_state`, and ``date`` and ``openings`` (`freeze`)."""
    state: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return state


WORDS: Final[Mapping[str, str]] = {
    "roles": "role of {}",
    "checks": "check {}",
    "modules": "what the checks of the module {} share",
    "thresholds": "threshold {}",
    "published": "published numbers of {}",
    "tables": "table {}",
    "inputs": "input {}",
}


def moved_since_frozen(path: Path = FROZEN) -> list[str]:
    """What moved since the last freeze, one sentence each; empty if nothing did."""
    then, now = frozen_state(path), present_state()
    return [
        sentence
        for part, words in WORDS.items()
        for sentence in _moved(then[part], now[part], words, with_values=part in ("roles", "thresholds"))
    ]


def _moved(
    then: Mapping[str, Any], now: Mapping[str, Any], words: str, *, with_values: bool
) -> Iterator[str]:
    for name in sorted({*then, *now}):
        what = words.format(name)
        if name not in then:
            yield f"{what}: new"
        elif name not in now:
            yield f"{what}: gone"
        elif then[name] != now[name]:
            yield f"{what}: {then[name]}, now {now[name]}" if with_values else f"{what}: changed"


def stronger_roles(path: Path = FROZEN) -> list[str]:
    """Findings whose role is stronger than the frozen one."""
    frozen: Mapping[str, str] = frozen_state(path)["roles"]
    return [
        entry.id
        for entry in (*findings(), *targets())
        if entry.id in frozen and STRENGTH[entry.role.name] > STRENGTH[frozen[entry.id]]
    ]


def freeze(date: str, openings: int, path: Path = FROZEN) -> list[str]:
    """Write frozen.json anew, and return what moved since the last time.

    date: today, as YYYY-MM-DD. openings: number of rows in docs/openings.md. Where something moved, a row
    must have been added there. Raises StrongerRoleError if a role got stronger, and ValueError if no row was
    added.
    """
    if path.exists():
        if stronger := stronger_roles(path):
            raise StrongerRoleError(f"the role of {', '.join(stronger)} is stronger than the frozen one")
        moved = moved_since_frozen(path)
        if moved and openings <= frozen_state(path)["openings"]:
            raise ValueError(f"{len(moved)} things moved: say why in a new row of docs/openings.md first")
        if not moved:
            return []
    else:
        moved = ["everything: new"]
    state = {"date": date, "openings": openings, **present_state()}
    write_text(json.dumps(state, indent=1, sort_keys=True) + "\n", path)
    return moved
