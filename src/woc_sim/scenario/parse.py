"""The strict parser: a mapping of settings -> (Scenario, RunOptions).

Hydra, Python's `scenario(...)` and scripts make the mapping. A missing key or null means: take the value of
the case, or the default. Every other value must have its type and lie in its range; otherwise ``UserError``
says in one sentence what is wrong and what is allowed.
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
from woc_sim.scenario.locality_file import locality_from, read_locality_file
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
from woc_sim.scenario.theories import THEORIES, default_theories, theory_named
from woc_sim.scenario.words import in_full

LOCALITY_KEYS: Final = ("file", "framework", "size", "executive", "type", *COVARIATES)
SHOCK_KEYS: Final = tuple(field.name for field in dataclass_fields(Shocks))
INTERVENTION_KEYS: Final = ("start", "end", "strength", "where")
SCHEDULE_KEYS: Final = ("processes", "drop")
OPTION_KEYS: Final = tuple(field.name for field in dataclass_fields(RunOptions))
SHORT_KEYS: Final = ("size", "executive")
"""Keys of a locality that may also be written without ``locality.``."""

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
MAX_LIFE_STORIES: Final = 1000
DEFAULT_PEOPLE: Final = 2000
"""Simulated residents of a locality, unless people or scale is given."""
MAX_DEPTH: Final = 32
"""Deepest nesting of mappings in settings."""


def parse(settings: Mapping[str, Any]) -> tuple[Scenario, RunOptions]:
    """Read settings strictly. Raises UserError.

    Keys may be nested (``{"locality": {"size": "rural"}}``) or dotted (``{"locality.size": "rural"}``). size
    and executive may also stand at the top level, and a word may choose the settings of a group
    (``{"intervention": "links"}``, see `woc_sim.scenario.words`). Values may be numpy's.
    """
    top = _nested(settings)
    fields.refuse_unknown_keys("", top, (*SCENARIO_KEYS, *OPTION_KEYS))
    return _scenario(top), parse_options(top)


def parse_scenario(settings: Mapping[str, Any]) -> Scenario:
    """Read the settings of a scenario only; run options are refused. Raises UserError."""
    top = _nested(settings)
    fields.refuse_unknown_keys("", top, SCENARIO_KEYS)
    return _scenario(top)


def self_contained(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the content of the locality file (``locality.place``) instead of its path.

    They give the same scenario, also on another machine. settings: nested, as Hydra composes them. Raises
    UserError if the file cannot be read.
    """
    given = settings.get("locality")
    if not isinstance(given, Mapping) or given.get("file") is None:
        return dict(settings)
    top = dict(settings)
    if top.get("case") is None and given.get("place") is None:  # otherwise the parser refuses the settings
        path = fields.text("locality.file", given["file"])
        described = read_locality_file(path)
        locality_from(described, f" in {shown(path)}")
        top["locality"] = {**given, "file": None, "place": described}
    return top


def unreached_interventions(scenario: Scenario) -> list[str]:
    """One sentence for each intervention that starts or ends after the last simulated month."""
    last = _month_label(scenario.months - 1)
    sentences = []
    for one in scenario.interventions:
        key = f"intervention.{one.name}"
        if one.start >= scenario.months:
            sentences.append(
                f"{key} never begins: it starts {_month_label(one.start)}, the last month is {last}"
            )
        elif scenario.months < one.end < MONTHS:
            sentences.append(
                f"{key} never ends: its end is {_month_label(one.end)}, the last month is {last}"
            )
    return sentences


def _month_label(month: int) -> str:
    return f"{2012 + month // 12}-{month % 12 + 1:02d}"


def _scenario(top: Mapping[str, Any]) -> Scenario:
    localities = _localities(top)
    if top.get("scale") is not None and top.get("people") not in (None, DEFAULT_PEOPLE):
        raise UserError(
            f"people is {fields.shown_value(top['people'])} and scale is {fields.shown_value(top['scale'])}; "
            "give one of them: a scale sets the number of people"
        )
    return Scenario(
        localities=localities,
        seed=_or_default("seed", top, 1, 0, MAX_SEED),
        months=_or_default("months", top, MONTHS, 1, MONTHS),
        people=_or_default("people", top, DEFAULT_PEOPLE, 50, MAX_PEOPLE),
        scale=None if top.get("scale") is None else fields.number("scale", top["scale"], 0.0001, 1),
        theories=_theories(top.get("theory")),
        parameters=_parameters(top.get("parameters")),
        interventions=_interventions(top.get("intervention"), [each.name for each in localities]),
        shocks=_shocks(top.get("shocks")),
        schedule=_schedule(top.get("schedule")),
    )


def parse_options(top: Mapping[str, Any]) -> RunOptions:
    """The run options among top-level settings; other keys are ignored."""
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
        life_stories=_or_default("life_stories", top, default.life_stories, 0, MAX_LIFE_STORIES),
    )


def _nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted keys as nested mappings. Raises UserError if a key is given twice."""
    if not isinstance(settings, Mapping):
        raise UserError(
            f"the settings are {fields.shown_value(settings)}; allowed: a mapping of keys to values"
        )
    tree: dict[str, Any] = {}
    _insert_all(tree, tree, settings, "", 0)
    return tree


def _insert_all(
    root: dict[str, Any], tree: dict[str, Any], settings: Mapping[Any, Any], parent: str, depth: int
) -> None:
    for name, value in settings.items():
        if not isinstance(name, str):
            raise UserError(
                f"the key {fields.shown_value(name)}{f' below {shown(parent)}' if parent else ''} "
                "is not a name"
            )
        if not parent:
            name = name.replace("/", ".", 1) if name.startswith("theory/") else name
            value = in_full(name, value)
        key = f"{parent}.{name}" if parent else name
        current = current_key(key)
        if current == key:
            _insert(root, tree, name.split("."), value, key, depth)
        else:  # the current key may have other parents
            _insert(root, root, current.split("."), value, current, depth)


def _insert(
    root: dict[str, Any], tree: dict[str, Any], names: list[str], value: Any, key: str, depth: int
) -> None:
    *parents, last = names
    depth += len(names)
    if depth > MAX_DEPTH:
        raise UserError(f"the key {shown(key)} is nested too deeply")
    for name in parents:
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise UserError(f"the key {shown(key)} is given twice")
    if isinstance(value, Mapping):
        branch = tree.setdefault(last, {})
        if not isinstance(branch, dict):
            raise UserError(f"the key {shown(key)} is given twice")
        _insert_all(root, branch, value, key, depth)
    elif last in tree:
        raise UserError(f"the key {shown(key)} is given twice")
    else:
        tree[last] = fields.setting(key, value)


def _or_default(key: str, top: Mapping[str, Any], default: int, low: int, high: int) -> int:
    value = top.get(key)
    return default if value is None else fields.integer(key, value, low, high)


def _localities(top: Mapping[str, Any]) -> tuple[LocalitySpec, ...]:
    settings = dict(fields.mapping("locality", top.get("locality")))
    fields.refuse_unknown_keys("locality", settings, (*LOCALITY_KEYS, "place"))
    for short in SHORT_KEYS:
        if top.get(short) is not None:
            if settings.get(short) not in (None, top[short]):
                raise UserError(
                    f"{short} is {fields.shown_value(top[short])} and locality.{short} is "
                    f"{fields.shown_value(settings[short])}; give one"
                )
            settings[short] = top[short]
    file, described, case = settings.pop("file", None), settings.pop("place", None), top.get("case")
    sources = {"case": case, "locality.file": file, "locality.place": described}
    given = [f"{key} is {fields.shown_value(value)}" for key, value in sources.items() if value is not None]
    if len(given) > 1:
        raise UserError(f"{' and '.join(given)}; give one of them")
    if file is not None:
        path = fields.text("locality.file", file)
        bases = [locality_from(read_locality_file(path), f" in {shown(path)}")]
    elif described is not None:
        bases = [locality_from(fields.mapping("locality.place", described), " in locality.place")]
    elif case is not None:
        bases = [from_case(name) for name in _case_names(case)]
    else:
        bases = [synthetic()]
    for key in COVARIATES:
        if len(bases) > 1 and isinstance(settings.get(key), list | tuple):
            # ambiguous: it could also mean one number for each case
            raise fields.invalid(f"locality.{key}", settings[key], f"one number for all {len(bases)} cases")
    return tuple(_adjusted(base, settings) for base in bases)


def _case_names(value: object) -> list[str]:
    return fields.names("case", value, [entry.name for entry in cases()], "case")


def _adjusted(base: LocalitySpec, settings: Mapping[str, Any]) -> LocalitySpec:
    """A locality with the given labels and numbers. Numbers replace what labels set."""
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
    # A number replaces the label of the case, unless the label was given too.
    size = spec.size if labels["size"] or "inhabitants" not in bands else ""
    executive = spec.executive if labels["executive"] or "executive_ideology" not in bands else ""
    return replace(spec, size=size, executive=executive, **bands)


def _theories(given: object) -> dict[str, str]:
    settings = fields.mapping("theory", given)
    fields.refuse_unknown_keys("theory", settings, THEORIES)
    chosen = default_theories()
    for subject, name in settings.items():
        if name is not None:
            chosen[subject] = theory_named(f"theory.{subject}", subject, name)
    return chosen


def _parameters(given: object) -> dict[str, float]:
    values = defaults()
    for name, value in _leaves(fields.mapping("parameters", given), ""):
        parameter = registry().get(name)
        if parameter is None:
            raise fields.unknown_name(
                "the key", f"parameters.{name}", (f"parameters.{name}" for name in registry())
            )
        if value is not None:
            values[name] = fields.number(f"parameters.{name}", value, parameter.low, parameter.high)
    return values


def _leaves(tree: Mapping[str, Any], parent: str) -> list[tuple[str, Any]]:
    values: list[tuple[str, Any]] = []
    for name, value in tree.items():
        key = f"{parent}.{name}" if parent else str(name)
        values += _leaves(value, key) if isinstance(value, Mapping) and value else [(key, value)]
    return values


def _interventions(given: object, localities: list[str]) -> tuple[Intervention, ...]:
    settings = fields.mapping("intervention", given)
    fields.refuse_unknown_keys("intervention", settings, EFFECTS)
    interventions = []
    for name in EFFECTS:  # in the catalogue's order, so that the order of the settings does not matter
        if settings.get(name) is None:
            continue
        key = f"intervention.{name}"
        inner = fields.mapping(key, settings[name])
        fields.refuse_unknown_keys(key, inner, INTERVENTION_KEYS)
        start = _month(f"{key}.start", inner.get("start"), STARTS)
        end = _month(f"{key}.end", inner.get("end"), MONTHS)
        if start >= end:
            raise fields.invalid(f"{key}.end", inner.get("end"), "a month after its start")
        strength = inner.get("strength")
        strength_value = 1.0 if strength is None else fields.number(f"{key}.strength", strength, 0, 1)
        interventions.append(
            Intervention(
                name,
                start,
                end,
                strength_value,
                _locality_names(f"{key}.where", inner.get("where"), localities),
            )
        )
    return tuple(interventions)


def _locality_names(key: str, value: object, localities: list[str]) -> tuple[str, ...]:
    """Names of localities of the scenario, in its order; null means all."""
    if value is None:
        return ()
    chosen = fields.names(key, value, localities)
    return tuple(name for name in localities if name in chosen)


def _month(key: str, value: object, default: int) -> int:
    """Index of a month written YYYY-MM."""
    if value is None:
        return default
    last = f"{2012 + (MONTHS - 1) // 12}-12"
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", value):
        year, month = int(value[:4]), int(value[5:])
        index = (year - 2012) * 12 + month - 1
        if 1 <= month <= 12 and 0 <= index < MONTHS:
            return index
    raise fields.invalid(key, value, f"a month from 2012-01 to {last}, written YYYY-MM")


def _shocks(given: object) -> Shocks:
    settings = fields.mapping("shocks", given)
    fields.refuse_unknown_keys("shocks", settings, SHOCK_KEYS)
    return Shocks(
        **{
            key: fields.number(f"shocks.{key}", value, 0, 5)
            for key, value in settings.items()
            if value is not None
        }
    )


def _schedule(given: object) -> tuple[str, ...]:
    settings = fields.mapping("schedule", given)
    fields.refuse_unknown_keys("schedule", settings, SCHEDULE_KEYS)
    processes, drop = settings.get("processes"), settings.get("drop")
    prefix = "the process in schedule."
    listed = list(PROCESSES)
    if processes is not None:
        listed = fields.names("schedule.processes", processes, PROCESSES, f"{prefix}processes")
    dropped: list[str] = []
    if drop is not None and drop != []:
        dropped = fields.names("schedule.drop", drop, PROCESSES, f"{prefix}drop")
    for name in dropped:
        if name not in listed:
            raise UserError(f"schedule.drop has {name!r}, which schedule.processes lacks; leave it out")
    kept = tuple(name for name in listed if name not in dropped)
    if not kept:
        raise UserError("schedule.drop leaves no process; at least one must stay")
    return kept
