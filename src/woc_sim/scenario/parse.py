"""The one strict parser: a mapping of settings -> (Scenario, RunOptions).

The mapping is what Hydra composes, what Python's `scenario(...)` gets, or what a script writes. Missing
keys and null mean "from the case, or the default". Everything else must exist, have its type and lie in
its range; otherwise ``UserError`` says in one sentence what is wrong and what is allowed.
"""

import re
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any, Final

from woc_sim.errors import UserError
from woc_sim.inputs.tables import cases
from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, MONTHS, SIZES, TYPES
from woc_sim.records import shown
from woc_sim.scenario import fields
from woc_sim.scenario.checks import MAX_PEOPLE, MAX_SEED
from woc_sim.scenario.interventions import EFFECTS, STARTS
from woc_sim.scenario.localities import from_case, synthetic, with_labels
from woc_sim.scenario.locality_file import place, read
from woc_sim.scenario.parameters import defaults, registry
from woc_sim.scenario.renamed import current_key
from woc_sim.scenario.schema import (
    COVARIATES,
    EXECUTORS,
    PROCESSES,
    Intervention,
    LocalitySpec,
    RunOptions,
    Scenario,
    Shocks,
)
from woc_sim.scenario.theories import THEORIES, default_theories

LOCALITY_KEYS: Final = ("file", "framework", "size", "executive", "type", *COVARIATES)
SHOCK_KEYS: Final = tuple(field.name for field in dataclass_fields(Shocks))
INTERVENTION_KEYS: Final = ("start", "end", "strength", "where")
SCHEDULE_KEYS: Final = ("processes", "drop")
OPTION_KEYS: Final = tuple(field.name for field in dataclass_fields(RunOptions))
SHORT_KEYS: Final = ("size", "executive")
"""Keys of a locality that may also be given at the top."""

SCENARIO_KEYS: Final = (
    "case",
    "seed",
    "months",
    "people",
    "scale",
    "locality",
    "theory",
    "parameters",
    "intervention",
    "shocks",
    "schedule",
    *SHORT_KEYS,
)

MAX_REPLICATES: Final = 100_000
MAX_WORKERS: Final = 1024
MAX_LIVES: Final = 1000
PEOPLE: Final = 2000
"""Residents of a locality that are simulated unless a number or a scale is given."""
MOST_DEPTH: Final = 32
"""Mappings inside one another in settings."""


def parse(settings: Mapping[str, Any]) -> tuple[Scenario, RunOptions]:
    """Read settings strictly; raises UserError.

    Keys may be nested (``{"locality": {"size": "rural"}}``) or dotted (``{"locality.size": "rural"}``);
    size and executive may also stand at the top. Values may be numpy's.
    """
    top = _nested(settings)
    fields.known("", top, (*SCENARIO_KEYS, *OPTION_KEYS))
    return _scenario(top), parse_options(top)


def parse_scenario(settings: Mapping[str, Any]) -> Scenario:
    """Read the settings of a scenario alone: run options among them are refused; raises UserError."""
    top = _nested(settings)
    fields.known("", top, SCENARIO_KEYS)
    return _scenario(top)


def self_contained(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the place that a locality file describes (``locality.place``) instead of its path.

    They give the same scenario, on another machine too. settings: nested, as they are composed. Raises
    UserError for a file that cannot be read.
    """
    given = settings.get("locality")
    if not isinstance(given, Mapping) or given.get("file") is None:
        return dict(settings)
    top = dict(settings)
    if top.get("case") is None and given.get("place") is None:  # else it is for the parser to refuse
        path = fields.text("locality.file", given["file"])
        own = read(path)
        place(own, f" in {shown(path)}")
        top["locality"] = {**given, "file": None, "place": own}
    return top


def never(scenario: Scenario) -> list[str]:
    """Sentences about interventions that never begin, or never end as they should, in the months lived."""
    last = _written(scenario.months - 1)
    found = []
    for each in scenario.interventions:
        key = f"intervention.{each.name}"
        if each.start >= scenario.months:
            found.append(f"{key} never begins: it starts {_written(each.start)}, the last month is {last}")
        elif scenario.months < each.end < MONTHS:
            found.append(f"{key} never ends: its end is {_written(each.end)}, the last month is {last}")
    return found


def _written(month: int) -> str:
    return f"{2012 + month // 12}-{month % 12 + 1:02d}"


def _scenario(top: Mapping[str, Any]) -> Scenario:
    localities = _localities(top)
    if top.get("scale") is not None and top.get("people") not in (None, PEOPLE):
        raise UserError(
            f"people is {fields.spelled(top['people'])} and scale is {fields.spelled(top['scale'])}; "
            "give one of them: a scale sets the number of people"
        )
    return Scenario(
        localities=localities,
        seed=_or_default("seed", top, 1, 0, MAX_SEED),
        months=_or_default("months", top, MONTHS, 1, MONTHS),
        people=_or_default("people", top, PEOPLE, 50, MAX_PEOPLE),
        scale=None if top.get("scale") is None else fields.number("scale", top["scale"], 0.0001, 1),
        theories=_theories(top.get("theory")),
        parameters=_parameters(top.get("parameters")),
        interventions=_interventions(top.get("intervention"), [each.name for each in localities]),
        shocks=_shocks(top.get("shocks")),
        schedule=_schedule(top.get("schedule")),
    )


def parse_options(top: Mapping[str, Any]) -> RunOptions:
    """The run options among top-level settings; other keys are not looked at."""
    default = RunOptions()
    out, executor, progress = top.get("out"), top.get("executor"), top.get("progress")
    return RunOptions(
        out=None if out is None else fields.text("out", out),
        replicates=_or_default("replicates", top, default.replicates, 1, MAX_REPLICATES),
        workers=None
        if top.get("workers") is None
        else fields.integer("workers", top["workers"], 1, MAX_WORKERS),
        executor=default.executor if executor is None else fields.choice("executor", executor, EXECUTORS),
        progress=None if progress is None else fields.flag("progress", progress),
        profile=default.profile if top.get("profile") is None else fields.flag("profile", top["profile"]),
        life_stories=_or_default("life_stories", top, default.life_stories, 0, MAX_LIVES),
    )


def _nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted keys as nested mappings; a key that is given twice is refused."""
    if not isinstance(settings, Mapping):
        raise UserError(f"the settings are {fields.spelled(settings)}; allowed: a mapping of keys to values")
    tree: dict[str, Any] = {}
    _plant_all(tree, tree, settings, "", 0)
    return tree


def _plant_all(
    root: dict[str, Any], tree: dict[str, Any], settings: Mapping[Any, Any], above: str, depth: int
) -> None:
    for name, value in settings.items():
        if not isinstance(name, str):
            raise UserError(
                f"the key {fields.spelled(name)}{f' below {shown(above)}' if above else ''} is not a name"
            )
        dotted = f"{above}.{name}" if above else name
        today = current_key(dotted)
        if today == dotted:
            _plant(root, tree, name.split("."), value, dotted, depth)
        else:  # its name of today may stand elsewhere
            _plant(root, root, today.split("."), value, today, depth)


def _plant(
    root: dict[str, Any], tree: dict[str, Any], path: list[str], value: Any, dotted: str, depth: int
) -> None:
    *above, head = path
    depth += len(path)
    if depth > MOST_DEPTH:
        raise UserError(f"the key {shown(dotted)} is nested too deeply")
    for name in above:
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise UserError(f"the key {shown(dotted)} is given twice")
    if isinstance(value, Mapping):
        branch = tree.setdefault(head, {})
        if not isinstance(branch, dict):
            raise UserError(f"the key {shown(dotted)} is given twice")
        _plant_all(root, branch, value, dotted, depth)
    elif head in tree:
        raise UserError(f"the key {shown(dotted)} is given twice")
    else:
        tree[head] = fields.setting(dotted, value)


def _or_default(key: str, top: Mapping[str, Any], default: int, low: int, high: int) -> int:
    value = top.get(key)
    return default if value is None else fields.integer(key, value, low, high)


def _localities(top: Mapping[str, Any]) -> tuple[LocalitySpec, ...]:
    settings = dict(fields.mapping("locality", top.get("locality")))
    fields.known("locality", settings, (*LOCALITY_KEYS, "place"))
    for short in SHORT_KEYS:
        if top.get(short) is not None:
            if settings.get(short) not in (None, top[short]):
                raise UserError(
                    f"{short} is {fields.spelled(top[short])} and locality.{short} is "
                    f"{fields.spelled(settings[short])}; give one"
                )
            settings[short] = top[short]
    file, own, named = settings.pop("file", None), settings.pop("place", None), top.get("case")
    told = {"case": named, "locality.file": file, "locality.place": own}
    several = [f"{key} is {fields.spelled(value)}" for key, value in told.items() if value is not None]
    if len(several) > 1:
        raise UserError(f"{' and '.join(several)}; give one of them")
    if file is not None:
        path = fields.text("locality.file", file)
        bases = [place(read(path), f" in {shown(path)}")]
    elif own is not None:
        bases = [place(fields.mapping("locality.place", own), " in locality.place")]
    elif named is not None:
        bases = [from_case(name) for name in _case_names(named)]
    else:
        bases = [synthetic()]
    for key in COVARIATES:
        if len(bases) > 1 and isinstance(settings.get(key), list | tuple):
            # one number each could be meant as well
            raise fields.refuse(f"locality.{key}", settings[key], f"one number for all {len(bases)} cases")
    return tuple(_adjusted(base, settings) for base in bases)


def _case_names(named: object) -> list[str]:
    return fields.names("case", named, [one.name for one in cases()], "case")


def _adjusted(base: LocalitySpec, settings: Mapping[str, Any]) -> LocalitySpec:
    """A locality with the labels and then the numbers that were given: explicit values win."""
    spec = base
    if settings.get("framework") is not None:
        spec = replace(spec, framework=fields.choice("locality.framework", settings["framework"], FRAMEWORKS))
    labels = {
        key: fields.choice(f"locality.{key}", settings[key], names) if settings.get(key) is not None else ""
        for key, names in (("size", SIZES), ("executive", EXECUTIVES), ("type", TYPES))
    }
    spec = with_labels(spec, labels["size"], labels["executive"], labels["type"])
    bands: dict[str, Any] = {
        key: fields.band(f"locality.{key}", settings[key], quantity.low, quantity.high)
        for key, quantity in COVARIATES.items()
        if settings.get(key) is not None
    }
    if not bands:
        return spec
    # A number replaces the label that stood for it, unless the label was asked for as well.
    size = spec.size if labels["size"] or "inhabitants" not in bands else ""
    executive = spec.executive if labels["executive"] or "executive_ideology" not in bands else ""
    return replace(spec, size=size, executive=executive, **bands)


def _theories(given: object) -> dict[str, str]:
    settings = fields.mapping("theory", given)
    fields.known("theory", settings, THEORIES)
    chosen = default_theories()
    for subject, name in settings.items():
        if name is not None:
            chosen[subject] = fields.choice(f"theory.{subject}", name, THEORIES[subject])
    return chosen


def _parameters(given: object) -> dict[str, float]:
    values = defaults()
    for dotted, value in _leaves(fields.mapping("parameters", given), ""):
        parameter = registry().get(dotted)
        if parameter is None:
            raise fields.unknown(
                "the key", f"parameters.{dotted}", (f"parameters.{name}" for name in registry())
            )
        if value is not None:
            values[dotted] = fields.number(f"parameters.{dotted}", value, parameter.low, parameter.high)
    return values


def _leaves(tree: Mapping[str, Any], above: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in tree.items():
        dotted = f"{above}.{name}" if above else str(name)
        found += _leaves(value, dotted) if isinstance(value, Mapping) and value else [(dotted, value)]
    return found


def _interventions(given: object, places: list[str]) -> tuple[Intervention, ...]:
    if isinstance(given, str | list | tuple):
        raise UserError(
            f"intervention is {shown(given)}; name each with its settings: intervention={{'links': {{}}}}"
        )
    settings = fields.mapping("intervention", given)
    fields.known("intervention", settings, EFFECTS)
    found = []
    for name in EFFECTS:  # in the catalogue's order: the order of writing is no part of a scenario
        if settings.get(name) is None:
            continue
        key = f"intervention.{name}"
        inner = fields.mapping(key, settings[name])
        fields.known(key, inner, INTERVENTION_KEYS)
        start = _month(f"{key}.start", inner.get("start"), STARTS)
        end = _month(f"{key}.end", inner.get("end"), MONTHS)
        if start >= end:
            raise fields.refuse(f"{key}.end", inner.get("end"), "a month after its start")
        strength = inner.get("strength")
        strong = 1.0 if strength is None else fields.number(f"{key}.strength", strength, 0, 1)
        found.append(
            Intervention(name, start, end, strong, _places(f"{key}.where", inner.get("where"), places))
        )
    return tuple(found)


def _places(key: str, value: object, places: list[str]) -> tuple[str, ...]:
    """Names of localities of the scenario, in its order; null means all."""
    if value is None:
        return ()
    chosen = fields.names(key, value, places)
    return tuple(name for name in places if name in chosen)


def _month(key: str, value: object, default: int) -> int:
    """Index of a month that is written YYYY-MM."""
    if value is None:
        return default
    last = f"{2012 + (MONTHS - 1) // 12}-12"
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", value):
        year, month = int(value[:4]), int(value[5:])
        index = (year - 2012) * 12 + month - 1
        if 1 <= month <= 12 and 0 <= index < MONTHS:
            return index
    raise fields.refuse(key, value, f"a month from 2012-01 to {last}, written YYYY-MM")


def _shocks(given: object) -> Shocks:
    settings = fields.mapping("shocks", given)
    fields.known("shocks", settings, SHOCK_KEYS)
    return Shocks(
        **{
            key: fields.number(f"shocks.{key}", value, 0, 5)
            for key, value in settings.items()
            if value is not None
        }
    )


def _schedule(given: object) -> tuple[str, ...]:
    settings = fields.mapping("schedule", given)
    fields.known("schedule", settings, SCHEDULE_KEYS)
    processes, drop = settings.get("processes"), settings.get("drop")
    what = "the process in schedule."
    listed = list(PROCESSES)
    if processes is not None:
        listed = fields.names("schedule.processes", processes, PROCESSES, f"{what}processes")
    dropped: list[str] = []
    if drop is not None and drop != []:
        dropped = fields.names("schedule.drop", drop, PROCESSES, f"{what}drop")
    for name in dropped:
        if name not in listed:
            raise UserError(f"schedule.drop has {name!r}, which schedule.processes lacks; leave it out")
    left = tuple(name for name in listed if name not in dropped)
    if not left:
        raise UserError("schedule.drop leaves no process; at least one must stay")
    return left
