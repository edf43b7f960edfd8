"""Checks for scenarios that are made in Python: the same values are allowed as in settings.

They must be fast, because a sweep makes up to a hundred thousand scenarios. Only parameters that differ from
the registry are checked, and scenarios made from one another share a checked mapping.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NoReturn, Self, TypeVar

from woc_sim.errors import UserError
from woc_sim.scenario import fields
from woc_sim.scenario.own_rules import OwnRule
from woc_sim.scenario.parameters import defaults, registry
from woc_sim.scenario.renamed import current_key, current_value
from woc_sim.scenario.theories import THEORIES, default_theories, theory_named

T = TypeVar("T")

MAX_SEED: Final = 2**63 - 1
MAX_PEOPLE: Final = 250_000


class ReadOnlyDict(dict[str, T]):
    """A mapping that cannot be changed. It is a dict, so JSON and ``**`` treat it like one."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise UserError(
            "a scenario cannot be changed; make another one: dataclasses.replace(scenario, "
            "parameters={**scenario.parameters, 'policy.load': 0.2})"
        )

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


class Parameters(ReadOnlyDict[float]):
    """Checked parameters: all names of the registry, each with a finite number."""


class Theories(ReadOnlyDict[str]):
    """Checked theories: every subject with the name of one of its theories."""


@cache
def standard_parameters() -> Parameters:
    """The parameters with the values of the registry."""
    return Parameters(defaults())


@cache
def standard_theories() -> Theories:
    """The default theory of every subject."""
    return Theories(default_theories())


def parameters(given: object) -> Parameters:
    """All parameters: `given` values, and the registry's values for the others.

    Raises UserError for an unknown name or a value that is no finite number. Plausible ranges are checked
    later, when a user's scenario is run (`in_range`), because null models switch mechanisms off by zeros that
    no user may give.
    """
    if isinstance(given, Parameters):
        return given
    if not isinstance(given, Mapping):
        raise fields.invalid("parameters", given, "a mapping of names to numbers")
    known = standard_parameters()
    if any(name not in known for name in given):
        given = {
            current_key(f"parameters.{name}").removeprefix("parameters."): one for name, one in given.items()
        }
    # in a copied mapping most values are the same objects as in the registry
    departing = [
        (name, value) for name, value in given.items() if name not in known or known[name] is not value
    ]
    for name, _ in departing:
        if name not in known:
            raise fields.unknown_name(
                "the key", f"parameters.{name}", (f"parameters.{each}" for each in known)
            )
    changed = {name: _finite(name, fields.as_python(value)) for name, value in departing}
    return Parameters({**known, **changed}) if changed else known


def _finite(name: str, value: object) -> float:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    except OverflowError:  # an integer too large for a float
        pass
    parameter = registry()[name]
    raise fields.invalid(
        f"parameters.{name}", value, f"a number from {parameter.low:g} to {parameter.high:g}"
    )


def in_range(given: Mapping[str, float]) -> None:
    """Raise UserError if a parameter lies outside its range in the registry."""
    standard = standard_parameters()
    for name, value in given.items():
        if value is not standard[name]:
            parameter = registry()[name]
            fields.number(f"parameters.{name}", value, parameter.low, parameter.high)


def theories(given: object) -> Theories:
    """The theory of every subject: `given` names, and the default for the others. Raises UserError."""
    if isinstance(given, Theories):
        return given
    settings = {
        current_key(f"theory.{subject}").removeprefix("theory."): name
        for subject, name in fields.mapping("theories", given).items()
    }
    fields.refuse_unknown_keys("theories", settings, THEORIES)
    chosen = {
        subject: theory_named(f"theories.{subject}", subject, _current_theory(subject, name))
        for subject, name in settings.items()
    }
    return Theories({**standard_theories(), **chosen}) if chosen else standard_theories()


def _current_theory(subject: str, name: Any) -> Any:
    is_plain = isinstance(name, str) and not isinstance(name, OwnRule)
    return current_value(f"theory.{subject}", name) if is_plain else name


def tuple_of(key: str, value: Any, type_: type[T], allowed: str) -> tuple[T, ...]:
    """A tuple or list of `kind` as a tuple. Raises UserError, with `allowed` in the sentence."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, type_) for item in value):
        raise fields.invalid(key, value, allowed)
    return tuple(value)


def refuse_repeats(key: str, names: Iterable[str], noun: str) -> None:
    """Raise UserError if a name appears twice. `noun` says what the names are."""
    listed = list(names)
    repeated = [name for index, name in enumerate(listed) if name in listed[:index]]
    if repeated:
        raise fields.invalid(key, repeated[0], f"each {noun} once")
