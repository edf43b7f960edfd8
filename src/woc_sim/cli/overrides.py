"""Checks of what a user typed as key=value, before Hydra composes it.

Hydra's grammar lets much through that is a slip or worse (``+new.key=1``, a second ``case=``,
``x._target_=...``, ``hydra.run.dir=x``) and answers other slips with several lines. Here every key must
exist, once, and every option of a group too; what remains is Hydra's to compose and the parser's to
check.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType, QuotedString, ValueType
from hydra.errors import HydraException

from woc_sim.cli import CONF
from woc_sim.errors import UserError, allowed, nearest
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
from woc_sim.scenario.theories import THEORIES

SWEEPING: Final = ("hydra/launcher", "hydra/sweeper", "hydra.sweeper.max_batch_size")
"""What of Hydra's own settings is accepted, beside ``hydra.launcher.*``."""


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Config group -> its options, as the files under conf/ have them."""
    found: dict[str, list[str]] = {}
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
    overrides = [_parsed(text) for text in typed]
    seen: dict[str, str] = {}
    for override in overrides:
        _check(override, several)
        key = canonical_key(str(override.key_or_group))
        if key in seen:
            raise UserError(f"{key} is given twice ({seen[key]!r} and {override.input_line!r}); give it once")
        seen[key] = str(override.input_line)
    return overrides


def canonical_key(key: str) -> str:
    """One spelling for keys that set the same thing: short groups of a locality, theories as group or key."""
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


def _parsed(text: str) -> Override:
    if "=" not in text:
        hint = nearest(text, ("list", "--multirun", "--help"))
        raise UserError(f"{text!r} is not of the form key=value{f'; {hint}' if hint else ''}")
    try:
        return OverridesParser.create().parse_override(text)
    except (HydraException, RecursionError):
        raise UserError(
            f"{text!r} cannot be read as key=value; quote a value with special characters: key='\"value\"'"
        ) from None


def _check(override: Override, several: bool) -> None:
    text, key = str(override.input_line), str(override.key_or_group)
    if override.type is not OverrideType.CHANGE or override.package is not None:
        plain = nearest(key, (*keys(), *groups()))
        hint = f"; {plain}" if plain else ""
        raise UserError(
            f"{text!r} adds or removes a key, which is not possible: change one that exists{hint}"
        )
    if key.startswith("hydra"):
        if key not in SWEEPING and not key.startswith("hydra.launcher."):
            names = allowed((*SWEEPING, "hydra.launcher.*"))
            raise UserError(f"{text!r} sets Hydra itself; allowed: {names} (folders are set by out=...)")
        return
    if override.is_sweep_override() and not several:
        raise UserError(f"{text!r} has several values; run them all with -m")
    if override.is_sweep_override() and not _is_listed(override):
        raise UserError(
            f"{text!r} does not list its values; a sweep needs them in order: {key}=1,2,3 or {key}=range(1,4)"
        )
    if key in groups():
        for value in _values(override):
            _check_option(key, value)
    elif key not in keys():
        raise UserError(f"the key {key!r} does not exist; {_nearby(key)}")


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


def _is_listed(override: Override) -> bool:
    """Whether a sweep has single values in a fixed order: no interval, no pattern, no shuffling."""
    kinds = (ValueType.SIMPLE_CHOICE_SWEEP, ValueType.CHOICE_SWEEP, ValueType.RANGE_SWEEP)
    return override.value_type in kinds and not getattr(override._value, "shuffle", False)


def _values(override: Override) -> Iterator[Any]:
    """Every single value that the override can take."""
    sweep = override.sweep_iterator() if override.is_sweep_override() else iter([override.value()])
    for value in sweep:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _check_option(group: str, value: object) -> None:
    options = groups()[group]
    name = value.text if isinstance(value, QuotedString) else value
    if name is None or name in options:
        return
    hint = nearest(str(name), options)
    raise UserError(
        f"{group} is {str(name)!r}; allowed: {allowed(options, 20)}{f' ({hint})' if hint else ''}"
    )
