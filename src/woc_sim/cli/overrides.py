"""The one reader of key=value, and checks of what a user typed, before Hydra composes it.

Hydra's grammar lets much through that is a slip or worse (``+new.key=1``, a second ``case=``,
``x._target_=...``, ``hydra.run.dir=x``) and answers other slips with several lines. Here every key must
exist, once, and every option of a group too; what remains is Hydra's to compose and the parser's to
check.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob, Override, OverrideType, Sweep, ValueType
from hydra.errors import HydraException

from woc_sim.cli import CONF
from woc_sim.errors import UserError, allowed, nearest
from woc_sim.records import shown
from woc_sim.scenario.fields import integer, spelled
from woc_sim.scenario.interventions import EFFECTS
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

SWEEPING: Final = ("hydra/launcher", "hydra/sweeper", "hydra.sweeper.max_batch_size")
"""What of Hydra's own settings is accepted, beside the options of the launcher that is chosen."""
LAUNCHER: Final = "hydra.launcher."
SEVERAL: Final = ("intervention",)
"""Groups of which several options may be chosen at once, as a list."""
MOST_POINTS: Final = 10_000
"""More points than this belong into a drawn design: a product of axes this large is seldom meant."""
LONGEST: Final = 200_000
"""Characters of the longest setting: the seeds of a sweep of `MOST_POINTS`, and room."""
MOST_DEPTH: Final = 32
"""Brackets inside one another in a setting."""


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Config group -> its options: the files under conf/, interventions, and the rivals of each subject."""
    found: dict[str, list[str]] = {"intervention": list(EFFECTS)}
    found |= {f"theory/{subject}": list(rivals) for subject, rivals in THEORIES.items()}
    for path in sorted(CONF.rglob("*.yaml")):
        group = path.parent.relative_to(CONF).as_posix()
        if group != ".":
            found.setdefault(group, []).append(path.stem)
    return {group: tuple(options) for group, options in found.items()}


@cache
def keys() -> frozenset[str]:
    """Every key that is no group."""
    top = ("case", "seed", "months", "people", "scale", *(key for key in OPTION_KEYS if key not in groups()))
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


def read(typed: Sequence[str], several: bool) -> list[Override]:
    """The overrides, checked one by one and together; raises UserError.

    several: whether a value may be a list of alternatives (``size=rural,small``), as in a sweep.
    """
    overrides = [parsed(text) for text in typed]
    seen: dict[str, str] = {}
    for override in overrides:
        _check(override, several)
        key = canonical_key(str(override.key_or_group))
        if key in seen:
            raise UserError(f"{key} is given twice ({seen[key]} and {_typed(override)}); give it once")
        seen[key] = _typed(override)
    return overrides


def parsed(text: str) -> Override:
    """A setting as it was typed, read by Hydra's grammar; raises UserError.

    Every command reads its settings here, so that a text means the same, or is refused, wherever it is typed.
    """
    text = current_typed(text)
    said = shown(repr(text))
    key, equals, _ = text.partition("=")
    if not equals:
        hint = nearest(text, ("list", "--multirun", "--help"))
        raise UserError(f"{said} is not of the form key=value{f'; {hint}' if hint else ''}")
    if len(text) > LONGEST:
        raise UserError(f"{said} has {len(text)} characters; allowed: {LONGEST}")
    depth = deepest = 0
    for letter in text:
        depth += (letter in "[{(") - (letter in "]})")
        deepest = max(deepest, depth)
    try:
        if deepest > MOST_DEPTH:
            raise RecursionError
        override = OverridesParser.create().parse_override(text)
        value = override._value
        _only_plain(getattr(value, "list", value))
    except (HydraException, RecursionError, ValueError, OverflowError):
        quoted = key if key.isidentifier() and key.isascii() else "key"
        raise UserError(
            f"{said} cannot be read as key=value; quote a value with special characters: {quoted}='\"value\"'"
        ) from None
    return override


def values_of(override: Override) -> list[Any]:
    """Every value that an override takes, one if it is no sweep, quotes gone; raises UserError if they are no
    list of their own, none, too many, or one comes twice."""
    if not override.is_sweep_override():
        return [override.value()]
    said, key = _typed(override), override.key_or_group
    kinds = (ValueType.SIMPLE_CHOICE_SWEEP, ValueType.CHOICE_SWEEP, ValueType.RANGE_SWEEP)
    if override.value_type not in kinds or getattr(override._value, "shuffle", False):
        raise UserError(
            f"{said} does not list its values; a sweep needs them in order: {key}=1,2,3 or {key}=range(1,4)"
        )
    try:
        found = [Override._convert_value(each) for each in islice(override.sweep_iterator(), MOST_POINTS + 1)]
    except (HydraException, ValueError, ArithmeticError):
        found = []
    if not found:
        raise UserError(f"{said} has no values; write them as {key}=1,2,3 or {key}=range(1,4)")
    if len(found) > MOST_POINTS:
        raise UserError(f"{said} has more values than the {MOST_POINTS} points that a sweep may have")
    seen = set()
    for each in map(repr, found):
        if each in seen:
            raise UserError(f"{said} has {shown(each)} twice; give each value once")
        seen.add(each)
    return found


def _only_plain(value: Any) -> None:
    """Refuse what is no plain value anywhere inside a value: alternatives in a list (ValueError), and a
    mapping with a key that would make Hydra call something (UserError)."""
    inner: Any = ()
    if isinstance(value, Mapping):
        for key in value:
            if str(Override._convert_value(key)).startswith("_"):
                raise UserError(f"the key {shown(repr(key))} begins with _; leave it out, no setting does")
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    for each in inner:
        if isinstance(each, Sweep | Glob):
            raise ValueError("alternatives inside a value")
        _only_plain(each)


def _typed(override: Override) -> str:
    return shown(repr(str(override.input_line)))


def canonical_key(key: str) -> str:
    """One spelling for keys that set the same thing: a locality's type and short groups, theories."""
    if key == "locality":
        return "locality.type"
    if key in SHORT_KEYS:
        return f"locality.{key}"
    return key.replace("/", ".") if key.startswith("theory/") else key


def composable(override: Override) -> str:
    """The override as Hydra takes it: parameters are no part of conf/ and have to be added."""
    key = override.get_key_element()
    text = f"{key}={_value_text(override)}"
    return f"++{text}" if key.startswith("parameters.") else text


def _value_text(override: Override) -> str:
    text = str(override.input_line)
    return text.partition("=")[2]


def is_sweeping(override: Override) -> bool:
    """Whether the override belongs to Hydra's launcher and sweeper, not to the scenario."""
    return str(override.key_or_group).startswith("hydra")


def launchers_own(override: Override) -> str:
    """The option of Hydra's launcher that the override sets, empty for all else."""
    key = str(override.key_or_group)
    return key.removeprefix(LAUNCHER) if key.startswith(LAUNCHER) else ""


def _check(override: Override, several: bool) -> None:
    text, key = _typed(override), str(override.key_or_group)
    if override.type is not OverrideType.CHANGE or override.package is not None:
        plain = nearest(key, (*keys(), *groups()))
        hint = f"; {plain}" if plain else ""
        raise UserError(f"{text} adds or removes a key, which is not possible: change one that exists{hint}")
    if key == "hydra" or key.startswith(("hydra.", "hydra/")):
        _check_sweeping(override, text, key)
        return
    if override.is_sweep_override() and not several:
        raise UserError(f"{text} has several values; run them all with -m")
    for value in values_of(override):
        if key in groups():
            _check_option(key, value)
    if key not in groups() and key not in keys():
        raise UserError(f"the key {shown(repr(key))} does not exist; {_nearby(key)}")


def _check_sweeping(override: Override, text: str, key: str) -> None:
    """Refuse what would set more of Hydra than how a sweep is spread."""
    names = allowed((*SWEEPING, f"{LAUNCHER}*"))
    if key not in SWEEPING and not key.startswith(LAUNCHER):
        raise UserError(f"{text} sets Hydra itself; allowed: {names} (folders are set by out=...)")
    if any(part.startswith("_") for part in key.split(".")):
        raise UserError(f"{text} names what Hydra is to call, which is not possible; allowed: {names}")
    value = override.value()
    named = isinstance(value, str) or not key.startswith("hydra/")
    if override.is_sweep_override() or "${" in str(value) or not named:
        raise UserError(f"{text} is no single, plain value; give one")
    if key == SWEEPING[-1] and value is not None:
        integer(key, value, 1, MOST_POINTS)


def _nearby(key: str) -> str:
    below = [name for name in (*keys(), *groups()) if name.startswith((f"{key}.", f"{key}/"))]
    if below:
        return f"below it there are {allowed(sorted(below))}"
    known = (*keys(), *groups())
    if "." not in key:
        known = tuple(name for name in known if "." not in name)
    return (
        nearest(key, known) or f"there are {allowed(sorted(name for name in known if '.' not in name), 30)}"
    )


def _check_option(group: str, value: object) -> None:
    options = groups()[group]
    chosen = value if isinstance(value, list) and group in SEVERAL else [value]
    for name in chosen:
        if isinstance(name, str) and name in options:
            continue
        hint = nearest(name, options) if isinstance(name, str) else ""
        one = "one of " if isinstance(name, list) else ""
        raise UserError(
            f"{group} is {spelled(name)}; allowed: {one}{allowed(options, 20)}{f' ({hint})' if hint else ''}"
        )
    twice = next((name for place, name in enumerate(chosen) if name in chosen[:place]), None)
    if twice is not None:
        raise UserError(f"{group} has {twice!r} twice; choose each once")
