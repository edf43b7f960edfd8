"""How a result is repeated: its command line, and the versions that it was made with."""

from __future__ import annotations

import platform
import re
import shlex
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from woc_sim import __version__
from woc_sim.ensemble.points_file import as_typed
from woc_sim.ensemble.provenance import package_versions
from woc_sim.scenario.as_settings import settings_of
from woc_sim.scenario.identity import model_hash
from woc_sim.scenario.own_rules import OwnRule
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.words import Settings

MODEL: Final = "model"
"""Key of the version of the model (a hash of its sources) among the versions."""
MONTH: Final = re.compile(r"\d{4}-\d{2}")


def versions() -> dict[str, str]:
    """The versions that decide about numbers: of woc-sim, the model, Python and the libraries."""
    return dict(_versions())


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    found = {"woc-sim": __version__, MODEL: model_hash(), "python": platform.python_version()}
    return tuple((found | package_versions()).items())


def typed(settings: Settings) -> list[str]:
    """Settings as they are typed after ``woc-sim run``, one text each.

    >>> typed({"case": "C21", "intervention": {"links": {"start": "2018-01"}}, "theory": {"rrp": "penalty"}})
    ['case=C21', 'intervention=links', 'intervention.links.start=2018-01', 'theory/rrp=penalty']
    """
    words: list[str] = []
    for key, value in settings.items():
        if key == "intervention" and isinstance(value, Mapping):
            names = list(value)
            words.append(f"intervention={names[0] if len(names) == 1 else as_typed(names)}")
        words += _typed(key, value)
    return words


def _typed(key: str, value: Any) -> list[str]:
    if isinstance(value, Mapping):
        between = "/" if key == "theory" else "."
        return [word for name, inner in value.items() for word in _typed(f"{key}{between}{name}", inner)]
    if isinstance(value, OwnRule):  # the command line takes its file, not its identity
        value = value.named
    if isinstance(value, str) and MONTH.fullmatch(value):
        return [f"{key}={value}"]
    return [f"{key}={as_typed(list(value) if isinstance(value, tuple) else value)}"]


def words_of(scenario: Scenario) -> str:
    """The scenario as one text of settings, ``case=C21 seed=7``; empty if no settings make it, for example
    because a locality was made in Python."""
    settings = settings_of(scenario)
    return "" if settings is None else shlex.join(typed(settings))


def command_of_run(scenario: Scenario, replicates: int = 1) -> str:
    """The command that repeats a run; empty as for `words_of`."""
    settings = settings_of(scenario)
    if settings is None:
        return ""
    more = [f"replicates={replicates}"] if replicates > 1 else []
    return shlex.join(["woc-sim", "run", *typed(settings), *more])


def command_of_pair(command: str, first: Scenario, second: Scenario, *more: str) -> str:
    """The command that repeats a comparison of two scenarios; empty as for `words_of`."""
    if any(settings_of(each) is None for each in (first, second)):
        return ""
    # settings that all keep their default would be no words; the seed is a setting too
    pair = [words_of(each) or f"seed={each.seed}" for each in (first, second)]
    return shlex.join(["woc-sim", command, *pair, *more, f"out=out/{command}"])
