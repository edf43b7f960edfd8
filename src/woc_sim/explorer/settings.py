"""The settings of a side as flat keys, and their other forms: scenario, command line, YAML, address, words.

A flat key is what the command line calls it, with dots: 'case', 'locality.rrp_share', 'theory.contact',
'parameters.contact.decay', 'intervention.links.start'. Only what differs from the defaults is held. The
strict parser reads every form, so that nothing is taken here that the command line would refuse.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from woc_sim.errors import UserError
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.library import commands
from woc_sim.records import settings_text, shown, yaml_text
from woc_sim.scenario import fields
from woc_sim.scenario.as_settings import settings_of
from woc_sim.scenario.interventions import STARTS
from woc_sim.scenario.localities import synthetic
from woc_sim.scenario.own_rules import OwnRule, own_rules, require_source
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.words import in_full

Settings = dict[str, Any]

PLACE: Final = "locality.place"
"""The content of a user's own locality file, under one key."""
START: Final[Mapping[str, Any]] = {"case": "C21", "people": 1000}
"""What the explorer begins with: small enough that a slider moves the whole history."""
SHOWN: Final = ("mean_attitude", "belief_executive", "mipex_total", "ties_per_migrant")
"""Indicators that the time lines begin with."""
REPLICATES: Final = 5
MOST_REPLICATES: Final = 50
MOST_ADDRESS: Final = 20_000
"""Longest address that is read, in characters."""
SIDES: Final = ("a", "b")
"""The sides in an address."""
COMMON: Final = ("seed", "months", "people", "scale")
"""Settings that both sides share: only then do their replicates share draws and residents."""
PLAIN: Final = re.compile(r"[A-Za-z0-9_.+-]+")
"""A value that needs no quotes on the command line."""
INTERVENTION: Final = re.compile(r"intervention\.[^.]+")
FILE: Final = "locality.yaml"
"""Name under which a user's own locality is downloaded."""


@dataclass(frozen=True)
class Screen:
    """Everything that determines what the page shows: it can be had again from its address.

    b: None where there is only A. view: name of the tab on top. shown: indicators of the time lines.
    """

    a: Settings = field(default_factory=lambda: dict(START))
    b: Settings | None = None
    replicates: int = REPLICATES
    view: str = "lines"
    shown: tuple[str, ...] = SHOWN

    @property
    def sides(self) -> tuple[Settings, ...]:
        """The settings of the sides that there are."""
        return (self.a,) if self.b is None else (self.a, self.b)


def scenario_of(settings: Mapping[str, Any]) -> Scenario:
    """The scenario of one side. Raises UserError, also for a rule of one's own whose file nobody named: what
    an address holds brings no code."""
    scenario = parse_scenario(settings)
    for subject, rule in own_rules(scenario.theories).items():
        require_source(rule, subject)
    if len(scenario.localities) != 1:
        raise UserError(
            f"there are {len(scenario.localities)} localities; the explorer takes one on each side: "
            "give one case"
        )
    return scenario


def from_composed(composed: Mapping[str, Any], scenario: Scenario) -> Settings:
    """The flat settings of a composed run: what differs from the defaults, and a user's own locality.

    composed: settings in which the locality file has been replaced by its content.
    """
    locality = {key: value for key, value in (composed.get("locality") or {}).items() if value is not None}
    known = settings_of(scenario)
    if known is not None:
        return flat(known)
    everywhere = tuple(replace(each, where=()) for each in scenario.interventions)
    rest = settings_of(replace(scenario, localities=(synthetic(),), interventions=everywhere)) or {}
    labels = {key: composed[key] for key in ("case", "size", "executive") if composed.get(key) is not None}
    return flat({**labels, **rest, "locality": locality})


def flat(settings: Mapping[str, Any], parent: str = "") -> Settings:
    """Nested settings as flat keys; the content of a locality file stays one value, and so does an
    intervention of which nothing is said.
    """
    found: Settings = {}
    for name, value in settings.items():
        key = f"{parent}.{name}" if parent else str(name)
        if isinstance(value, Mapping) and key != PLACE and (value or not INTERVENTION.fullmatch(key)):
            found |= flat(value, key)
        elif value is not None:
            found[key] = value
    return found


def nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Flat keys as nested settings, as they stand in a config.yaml."""
    tree: dict[str, Any] = {}
    for key, value in settings.items():
        *parents, last = [key] if key == PLACE else key.split(".", 1 if key.startswith("parameters.") else -1)
        branch = tree
        for name in ("locality",) if key == PLACE else parents:
            branch = branch.setdefault(name, {})
        branch["place" if key == PLACE else last] = value
    return tree


def config_text(settings: Mapping[str, Any], replicates: int) -> str:
    """The settings as a config.yaml that `woc-sim run from=config.yaml` takes."""
    return settings_text(nested(settings) | {"replicates": replicates})


def typed(settings: Mapping[str, Any]) -> list[str]:
    """The settings as they are typed after `woc-sim run`, before the shell's quotes."""
    rest = {key: value for key, value in settings.items() if key != PLACE}
    place = [f"locality.file={FILE}"] if PLACE in settings else []
    return [*place, *commands.typed(nested(rest))]


def interventions_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the interventions of a side."""
    names = [key.split(".")[1] for key in settings if key.startswith("intervention.")]
    return tuple(dict.fromkeys(names))


def command(screen: Screen) -> str:
    """The command that gives the numbers of the screen."""
    end = [f"replicates={screen.replicates}", "out=out/explored"]
    if screen.b is None:
        return shlex.join(["woc-sim", "run", *typed(screen.a), *end])
    sides = [shlex.join(typed(each)) for each in screen.sides]
    return shlex.join(["woc-sim", "compare", *sides, *end])


def address(screen: Screen) -> str:
    """The query of the page's address from which `read_address` gives the screen again."""
    pairs = [(f"a.{key}", _scalar(value)) for key, value in screen.a.items()] or [("a", "")]
    if screen.b is not None:
        pairs += [(f"b.{key}", _scalar(value)) for key, value in screen.b.items()] or [("b", "")]
    pairs += [
        ("replicates", str(screen.replicates)),
        ("view", screen.view),
        ("show", ",".join(screen.shown)),
    ]
    return "?" + urlencode(pairs, safe=",[]")


def _scalar(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, str):
        plain = PLAIN.fullmatch(value) and yaml_text(value, "", "") == value
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def read_address(query: str, start: Screen) -> Screen:
    """The screen of an address; what it does not say is as in `start`. Raises UserError.

    A side of which the address says nothing is that of `start`, if it is A, or is not there; `a=` and `b=`
    stand for sides in which all is as by default. What both sides share need not be said of B again. A rule
    of one's own that `start` names is known by its identity.
    """
    if len(query) > MOST_ADDRESS:
        raise UserError(f"the address has {len(query)} characters; allowed: {MOST_ADDRESS}")
    sides: dict[str, Settings] = {}
    screen = start
    for key, text in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
        side, _, name = key.partition(".")
        if key in SIDES and not text:
            sides.setdefault(side, {})
        elif side in SIDES and name:
            settings = sides.setdefault(side, {})
            value = in_full(name, yaml_text(text, f"{shown(key)} in the address", "copy the address again"))
            for each, one in flat({name: value}).items():
                if each in settings:
                    raise UserError(f"{shown(f'{side}.{each}')} stands twice in the address; give it once")
                settings[each] = one
        elif key == "replicates":
            count = int(text) if text.isdecimal() and len(text) < 6 else text
            screen = replace(screen, replicates=fields.integer(key, count, 1, MOST_REPLICATES))
        elif key == "view":
            screen = replace(screen, view=text)
        elif key == "show":
            names = fields.names(key, text.split(","), INDICATOR_NAMES)
            screen = replace(screen, shown=tuple(names))
        else:
            raise fields.unknown_name(
                "in the address,", key, ("a.KEY", "b.KEY", "replicates", "view", "show")
            )
    for settings in sides.values():
        chosen = [key for key, value in settings.items() if INTERVENTION.fullmatch(key) and value == {}]
        for each in chosen:  # with months and strength as by default, unless others say more
            del settings[each]
            if each.partition(".")[2] not in interventions_of(settings):
                settings[f"{each}.start"] = month_label(STARTS)
    named = {str(rule): rule for rule in _own_rules_of(start)}
    for settings in sides.values():
        settings.update({key: named[one] for key, one in settings.items() if str(one) in named})
    if sides:
        a, b = sides.get("a", start.a), sides.get("b")
        screen = replace(screen, a=a, b=None if b is None else with_common({}, a) | b)
    _refuse_unpaired([scenario_of(each) for each in screen.sides])
    return screen


def _own_rules_of(start: Screen) -> list[OwnRule]:
    """The rules of one's own that were named when the explorer was started."""
    return [one for side in start.sides for one in side.values() if isinstance(one, OwnRule)]


def _refuse_unpaired(scenarios: Sequence[Scenario]) -> None:
    """Raise UserError if two sides differ in what makes their replicates pairs."""
    for name in COMMON:
        values = [getattr(each, name) for each in scenarios]
        if len(set(values)) > 1:
            raise UserError(f"{name} is {values[0]} in A, {values[1]} in B; pairs need one")


def with_common(settings: Mapping[str, Any], other: Mapping[str, Any]) -> Settings:
    """The settings with what both sides share as in `other`."""
    own = {key: value for key, value in settings.items() if key not in COMMON}
    return own | {key: other[key] for key in COMMON if key in other}


def differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    """Keys of settings that differ, those of A first."""
    for key in dict.fromkeys((*a, *b)):
        if a.get(key) != b.get(key):
            yield key


def month_label(month: int) -> str:
    """'2018-01' for month 72; the month after the last is the end."""
    return "the end" if month >= MONTHS else f"{2012 + month // 12}-{month % 12 + 1:02d}"
