"""The one strict parser: a mapping of settings -> (Scenario, RunOptions).

The mapping is what Hydra composes, what Python's `scenario(...)` gets, or what a script writes. Missing
keys and null mean "from the case, or the default". Everything else must exist, have its type and lie in
its range; otherwise ``UserError`` says in one sentence what is wrong and what is allowed.
"""

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any, Final

from woc_sim.errors import UserError
from woc_sim.inputs.tables import case as case_row
from woc_sim.inputs.tables import cases
from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, MONTHS, SIZES, TYPES
from woc_sim.scenario import fields
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.localities import from_case, synthetic, with_labels
from woc_sim.scenario.locality_file import from_file
from woc_sim.scenario.parameters import defaults, registry
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

MAX_SEED: Final = 2**63 - 1
MAX_PEOPLE: Final = 250_000
MAX_REPLICATES: Final = 100_000
MAX_WORKERS: Final = 1024
MAX_LIVES: Final = 1000


def parse(settings: Mapping[str, Any]) -> tuple[Scenario, RunOptions]:
    """Read settings strictly; raises UserError.

    Keys may be nested (``{"locality": {"size": "rural"}}``) or dotted (``{"locality.size": "rural"}``);
    size and executive may also stand at the top.
    """
    top = _nested(settings)
    fields.known("", top, (*SCENARIO_KEYS, *OPTION_KEYS))
    return _scenario(top), parse_options(top)


def parse_scenario(settings: Mapping[str, Any]) -> Scenario:
    """Read the settings of a scenario alone: run options among them are refused; raises UserError."""
    top = _nested(settings)
    fields.known("", top, SCENARIO_KEYS)
    return _scenario(top)


def _scenario(top: Mapping[str, Any]) -> Scenario:
    localities = _localities(top)
    return Scenario(
        localities=localities,
        seed=_or_default("seed", top, 1, 0, MAX_SEED),
        months=_or_default("months", top, MONTHS, 1, MONTHS),
        people=_or_default("people", top, 2000, 50, MAX_PEOPLE),
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
    tree: dict[str, Any] = {}
    for dotted, value in settings.items():
        if not isinstance(dotted, str):
            raise UserError(f"the key {dotted!r} is not a name")
        _plant(tree, dotted.split("."), value, dotted)
    return tree


def _plant(tree: dict[str, Any], path: list[str], value: Any, dotted: str) -> None:
    head, rest = path[0], path[1:]
    if rest or isinstance(value, Mapping):
        branch = tree.setdefault(head, {})
        if not isinstance(branch, dict):
            raise UserError(f"the key {dotted} is given twice")
        if rest:
            _plant(branch, rest, value, dotted)
            return
        for name, inner in value.items():
            _plant(branch, [str(name)], inner, f"{dotted}.{name}")
    elif head in tree:
        raise UserError(f"the key {dotted} is given twice")
    else:
        tree[head] = value


def _or_default(key: str, top: Mapping[str, Any], default: int, low: int, high: int) -> int:
    value = top.get(key)
    return default if value is None else fields.integer(key, value, low, high)


def _localities(top: Mapping[str, Any]) -> tuple[LocalitySpec, ...]:
    settings = dict(fields.mapping("locality", top.get("locality")))
    fields.known("locality", settings, LOCALITY_KEYS)
    for short in SHORT_KEYS:
        if top.get(short) is not None:
            if settings.get(short) not in (None, top[short]):
                raise UserError(
                    f"{short} is {top[short]!r} and locality.{short} is {settings[short]!r}; give one"
                )
            settings[short] = top[short]
    file, named = settings.pop("file", None), top.get("case")
    if file is not None and named is not None:
        raise UserError(f"case is {named!r} and locality.file is {file!r}; give one of the two")
    if file is not None:
        bases = [from_file(fields.text("locality.file", file))]
    elif named is not None:
        bases = [from_case(name) for name in _case_names(named)]
    else:
        bases = [synthetic()]
    return tuple(_adjusted(base, settings) for base in bases)


def _case_names(named: object) -> list[str]:
    listed = named if isinstance(named, list | tuple) else [named]
    names = [one.name for one in cases()]
    if not listed:
        raise fields.refuse("case", named, f"a name from {names[0]} to {names[-1]}, or a list of them")
    for one in listed:
        if one not in names:
            raise fields.unknown("case", one, names)
    if len(set(listed)) < len(listed):
        raise fields.refuse("case", named, "each case once")
    return [case_row(str(one)).name for one in listed]


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
    settings = fields.mapping("intervention", given)
    fields.known("intervention", settings, EFFECTS)
    found = []
    for name in EFFECTS:  # in the catalogue's order: the order of writing is no part of a scenario
        if settings.get(name) is None:
            continue
        key = f"intervention.{name}"
        inner = fields.mapping(key, settings[name])
        fields.known(key, inner, INTERVENTION_KEYS)
        start = _month(f"{key}.start", inner.get("start"), 24)
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
    """Names of localities of the scenario, in its order; none means all."""
    if value is None:
        return ()
    listed = value if isinstance(value, list | tuple) else [value]
    chosen = {fields.choice(key, one, places) for one in listed}
    return tuple(name for name in places if name in chosen)


def _month(key: str, value: object, default: int) -> int:
    """Index of a month that is written YYYY-MM."""
    if value is None:
        return default
    last = f"{2012 + (MONTHS - 1) // 12}-12"
    if isinstance(value, str) and len(value) == 7 and value[4] == "-" and (value[:4] + value[5:]).isdecimal():
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
    listed = list(PROCESSES) if processes is None else _processes("schedule.processes", processes)
    dropped = [] if drop is None else _processes("schedule.drop", drop)
    left = tuple(name for name in listed if name not in dropped)
    if not left:
        raise UserError("schedule.drop leaves no process; at least one must stay")
    return left


def _processes(key: str, value: object) -> list[str]:
    listed = value if isinstance(value, list | tuple) else [value]
    for name in listed:
        if name not in PROCESSES:
            raise fields.unknown(f"the process in {key}", name, PROCESSES)
    if len(set(listed)) < len(listed):
        raise fields.refuse(key, value, "each process once")
    return [str(name) for name in listed]
