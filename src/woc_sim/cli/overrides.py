"""Parser of key=value, and checks of typed settings before Hydra composes them.

Hydra's grammar accepts many mistakes and worse (``+new.key=1``, a second ``case=``, ``x._target_=...``,
``hydra.run.dir=x``), and answers others with several lines. Here every key must exist and occur once, and
every option of a group must exist. Hydra composes the rest, and our parser checks it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob, Override, OverrideType, Sweep, ValueType
from hydra.errors import HydraException

from woc_sim.cli import CONF
from woc_sim.cli.config_dir import OPTION, own_options
from woc_sim.errors import UserError, nearest, short_list
from woc_sim.records import shown
from woc_sim.scenario.fields import integer, shown_value
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.own_rules import OwnRule, is_reference, named_by_user, recorded
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.parse import (
    INTERVENTION_KEYS,
    LOCALITY_KEYS,
    OPTION_KEYS,
    SCHEDULE_KEYS,
    SHOCK_KEYS,
    SHORT_KEYS,
)
from woc_sim.scenario.renamed import current_typed
from woc_sim.scenario.theories import THEORIES

HYDRA_KEYS: Final = ("hydra/launcher", "hydra/sweeper", "hydra.sweeper.max_batch_size")
"""Hydra's own settings that are accepted, besides the options of the chosen launcher."""
LAUNCHER: Final = "hydra.launcher."
MULTIPLE_CHOICE_GROUPS: Final = ("intervention",)
"""Groups of which several options may be chosen, as a list."""
THEORY_GROUP: Final = "theory/"
MAX_POINTS: Final = 10_000
"""Most points of a grid. Larger designs should be sampled."""
MAX_SETTING_LENGTH: Final = 200_000
"""Longest setting, in characters: enough for the seeds of `MAX_POINTS` points."""
MAX_DEPTH: Final = 32
"""Deepest nesting of brackets in a setting."""


def groups() -> dict[str, tuple[str, ...]]:
    """Config group -> its options: the files under conf/, interventions, the theories of each subject, and
    the user's own (`--config-dir`). Raises UserError for an option of the user that exists already.
    """
    own = own_options()
    if not own:
        return _groups()
    joined = dict(_groups())
    for group, options in own.items():
        for name in options:
            if name in joined[group]:
                raise UserError(f"{group}={name} of {OPTION} exists in woc-sim already; rename the file")
        joined[group] = (*joined[group], *options)
    return joined


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    options_by_group: dict[str, list[str]] = {"intervention": list(EFFECTS)}
    options_by_group |= {f"theory/{subject}": list(rivals) for subject, rivals in THEORIES.items()}
    for path in sorted(CONF.rglob("*.yaml")):
        group = path.parent.relative_to(CONF).as_posix()
        if group != ".":
            options_by_group.setdefault(group, []).append(path.stem)
    return {group: tuple(options) for group, options in options_by_group.items()}


@cache
def keys() -> frozenset[str]:
    """Every key that is not a group."""
    top = ("case", "seed", "months", "people", "scale", *(key for key in OPTION_KEYS if key not in _groups()))
    return frozenset(
        (
            *top,
            *(f"locality.{key}" for key in LOCALITY_KEYS),
            *(f"theory.{subject}" for subject in THEORIES),
            *(f"shocks.{key}" for key in SHOCK_KEYS),
            *(f"schedule.{key}" for key in SCHEDULE_KEYS),
            *(f"intervention.{name}.{key}" for name in EFFECTS for key in INTERVENTION_KEYS),
            *(f"parameters.{name}" for name in registry()),
        )
    )


TYPED_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./]*")
"""A key of a setting that is shown as it was typed."""


def read_overrides(typed: Sequence[str], allow_sweep: bool) -> list[Override]:
    """The overrides, checked one by one and together. Raises UserError.

    allow_sweep: whether a setting may have several values (``size=rural,small``).
    """
    overrides = [parse_override(text) for text in typed]
    seen: dict[str, str] = {}
    for override in overrides:
        _check(override, allow_sweep)
        key = canonical_key(str(override.key_or_group))
        if key in seen:
            raise UserError(f"{key} is given twice ({seen[key]} and {_as_typed(override)}); give it once")
        seen[key] = _as_typed(override)
    return overrides


def parse_override(text: str) -> Override:
    """A typed setting, parsed with Hydra's grammar. Raises UserError.

    All commands use this function, so that a text has the same meaning everywhere.
    """
    text = current_typed(text)
    shown_text = shown(repr(text))
    key, equals, _ = text.partition("=")
    if not equals:
        hint = nearest(text, ("list", "--multirun", "--help"))
        raise UserError(f"{shown_text} is not of the form key=value{f'; {hint}' if hint else ''}")
    if len(text) > MAX_SETTING_LENGTH:
        raise UserError(f"{shown_text} has {len(text)} characters; allowed: {MAX_SETTING_LENGTH}")
    depth = deepest = 0
    for letter in text:
        depth += (letter in "[{(") - (letter in "]})")
        deepest = max(deepest, depth)
    try:
        if deepest > MAX_DEPTH:
            raise RecursionError
        override = OverridesParser.create().parse_override(text)
        value = override._value
        _refuse_nested(getattr(value, "list", value))
    except (HydraException, RecursionError, ValueError, OverflowError):
        shown_key = key if TYPED_KEY.fullmatch(key) else "key"
        raise UserError(
            f"{shown_text} cannot be read as key=value; quote a value with special characters: "
            f"{shown_key}='\"value\"'"
        ) from None
    return override


def values_of(override: Override) -> list[Any]:
    """All values of an override, without quotes; one if it is no sweep. Raises UserError if values are not
    listed, missing, too many or repeated.
    """
    if not override.is_sweep_override():
        return [override.value()]
    text, key = _as_typed(override), override.key_or_group
    sweep_types = (ValueType.SIMPLE_CHOICE_SWEEP, ValueType.CHOICE_SWEEP, ValueType.RANGE_SWEEP)
    if override.value_type not in sweep_types or getattr(override._value, "shuffle", False):
        raise UserError(
            f"{text} does not list its values; a sweep needs them in order: {key}=1,2,3 or {key}=range(1,4)"
        )
    try:
        values = [Override._convert_value(each) for each in islice(override.sweep_iterator(), MAX_POINTS + 1)]
    except (HydraException, ValueError, ArithmeticError):
        values = []
    if not values:
        raise UserError(f"{text} has no values; write them as {key}=1,2,3 or {key}=range(1,4)")
    if len(values) > MAX_POINTS:
        raise UserError(f"{text} has more values than the {MAX_POINTS} points that a sweep may have")
    seen = set()
    for each in map(repr, values):
        if each in seen:
            raise UserError(f"{text} has {shown(each)} twice; give each value once")
        seen.add(each)
    return values


def _refuse_nested(value: Any) -> None:
    """Raise ValueError for alternatives inside a value, and UserError for a mapping with a key that would
    make Hydra call code.
    """
    inner: Any = ()
    if isinstance(value, Mapping):
        for key in value:
            if str(Override._convert_value(key)).startswith("_"):
                raise UserError(f"the key {shown(repr(key))} begins with _; no setting does: remove it")
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    for each in inner:
        if isinstance(each, Sweep | Glob):
            raise ValueError("alternatives inside a value")
        _refuse_nested(each)


def _as_typed(override: Override) -> str:
    return shown(repr(str(override.input_line)))


def canonical_key(key: str) -> str:
    """One spelling for keys that set the same thing: a locality's type, short groups, theories."""
    if key == "locality":
        return "locality.type"
    if key in SHORT_KEYS:
        return f"locality.{key}"
    return key.replace("/", ".") if key.startswith("theory/") else key


def composable(override: Override) -> str:
    """The override as Hydra accepts it: parameters are not in conf/ and must be added with ``++``; theories
    are settings there and no groups, since Hydra needs milliseconds for every group.
    """
    key = override.get_key_element()
    if key.startswith(THEORY_GROUP):
        key = canonical_key(key)
        if any(map(is_reference, values_of(override))):
            quoted = (_quoted(str(each)) for each in values_of(override))  # a path may have any letters
            return f"{key}={','.join(quoted)}"
    text = f"{key}={_value_text(override)}"
    return f"++{text}" if key.startswith("parameters.") else text


def setting_text(key: str, value: str) -> str:
    """A setting as it can be typed, with quotes of Hydra's grammar if it needs them."""
    plain = f"{key}={value}"
    try:
        understood = values_of(parse_override(plain)) == [value]
    except UserError:
        understood = False
    return plain if understood else f"{key}={_quoted(value)}"


def _quoted(text: str) -> str:
    """A text in quotes of Hydra's grammar."""
    escaped = text.replace("\\'", "\\\\'").replace("'", "\\'")
    return f"'{escaped}'"


def own_rules_named(overrides: Sequence[Override]) -> dict[str, OwnRule]:
    """The rules of one's own that are named among the overrides, by the text that names them. Raises
    UserError."""
    return {name: named_by_user(name, subject) for name, subject in own_rule_references(overrides).items()}


def identified(key: str, value: Any, theories: Mapping[str, str]) -> Any:
    """The value of a setting as tables and plans hold it: for a rule of one's own the identity that the
    theories of the scenario have, because its file may change and lies elsewhere on other machines.
    """
    subject = _subject_of(key)
    return str(theories[subject]) if subject and is_reference(value) else value


def own_rule_references(overrides: Sequence[Override]) -> dict[str, str]:
    """The texts among the overrides that name a rule of one's own, with the subject of each."""
    return {
        value: subject
        for each in overrides
        if (subject := _subject_of(str(each.key_or_group)))
        for value in values_of(each)
        if is_reference(value)
    }


def refuse_code(lines: Sequence[str]) -> None:
    """Raise UserError if settings from a file name a rule of one's own: the user names code, no file does."""
    for reference in own_rule_references([parse_override(line) for line in lines]):
        raise UserError(
            f"{shown(reference)} names code, which is named on the command line and not in a file: use an "
            "axis, theory/contact=moderated,my_rules.py:contact_effect"
        )


def _subject_of(key: str) -> str:
    """The subject whose theory a key sets; empty if it sets none."""
    subject = canonical_key(key).removeprefix("theory.")
    return subject if subject in THEORIES and canonical_key(key) != subject else ""


def _value_text(override: Override) -> str:
    text = str(override.input_line)
    return text.partition("=")[2]


def is_hydra_setting(override: Override) -> bool:
    """Whether the override belongs to Hydra's launcher or sweeper, not to the scenario."""
    return str(override.key_or_group).startswith("hydra")


def launcher_option(override: Override) -> str:
    """The launcher option that the override sets; empty if it sets none."""
    key = str(override.key_or_group)
    return key.removeprefix(LAUNCHER) if key.startswith(LAUNCHER) else ""


def _check(override: Override, allow_sweep: bool) -> None:
    text, key = _as_typed(override), str(override.key_or_group)
    if override.type is not OverrideType.CHANGE or override.package is not None:
        near = nearest(key, (*keys(), *groups()))
        hint = f"; {near}" if near else ""
        raise UserError(f"{text} adds or removes a key, which is not possible: change one that exists{hint}")
    if key == "hydra" or key.startswith(("hydra.", "hydra/")):
        _check_hydra_setting(override, text, key)
        return
    if override.is_sweep_override() and not allow_sweep:
        raise UserError(f"{text} has several values; run them all with -m")
    for value in values_of(override):
        if key in groups() and not (key.startswith(THEORY_GROUP) and is_reference(value)):
            _check_option(key, value)
    if key not in groups() and key not in keys():
        raise UserError(f"the key {shown(repr(key))} does not exist; {_nearest_keys(key)}")


def _check_hydra_setting(override: Override, text: str, key: str) -> None:
    """Raise UserError for settings of Hydra that do not concern how a sweep is distributed."""
    names = short_list((*HYDRA_KEYS, f"{LAUNCHER}*"))
    if key not in HYDRA_KEYS and not key.startswith(LAUNCHER):
        raise UserError(f"{text} changes Hydra's own settings; allowed: {names} (folders are set by out=...)")
    if any(part.startswith("_") for part in key.split(".")):
        raise UserError(f"{text} names code for Hydra to call; allowed: {names}")
    value = override.value()
    is_name = isinstance(value, str) or not key.startswith("hydra/")
    if override.is_sweep_override() or "${" in str(value) or not is_name:
        raise UserError(f"{text} is not a single plain value; give one")
    if key == HYDRA_KEYS[-1] and value is not None:
        integer(key, value, 1, MAX_POINTS)


def _nearest_keys(key: str) -> str:
    keys_below = [name for name in (*keys(), *groups()) if name.startswith((f"{key}.", f"{key}/"))]
    if keys_below:
        return f"below it there are {short_list(sorted(keys_below))}"
    candidates = (*keys(), *groups())
    if "." not in key:
        candidates = tuple(name for name in candidates if "." not in name)
    return (
        nearest(key, candidates)
        or f"there are {short_list(sorted(name for name in candidates if '.' not in name), 30)}"
    )


def _check_option(group: str, value: object) -> None:
    options = groups()[group]
    chosen = value if isinstance(value, list) and group in MULTIPLE_CHOICE_GROUPS else [value]
    for name in chosen:
        if isinstance(name, str) and name in options:
            continue
        if group.startswith(THEORY_GROUP) and (rule := recorded(name)) is not None:
            raise UserError(
                f"{group} is {rule}, a rule of one's own; name its file: {group}=FILE.py:{rule.function}"
            )
        hint = nearest(name, options) if isinstance(name, str) else ""
        prefix = "one of " if isinstance(name, list) else ""
        raise UserError(
            f"{group} is {shown_value(name)}; allowed: "
            f"{prefix}{short_list(options, 20)}{f' ({hint})' if hint else ''}"
        )
    repeated = next((name for index, name in enumerate(chosen) if name in chosen[:index]), None)
    if repeated is not None:
        raise UserError(f"{group} has {repeated!r} twice; choose each once")
