"""What a scenario made in Python may hold: the same as settings may, checked when it is made.

Making one has to stay cheap, because sweeps make a hundred thousand: only parameters that depart from the
registry are looked at, and a checked mapping is shared by the scenarios that are made from one another.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NoReturn, Self, TypeVar

from woc_sim.errors import UserError
from woc_sim.scenario import fields
from woc_sim.scenario.parameters import defaults, registry
from woc_sim.scenario.renamed import current_key, current_value
from woc_sim.scenario.theories import THEORIES, default_theories

T = TypeVar("T")

MAX_SEED: Final = 2**63 - 1
MAX_PEOPLE: Final = 250_000


class ReadOnly(dict[str, T]):
    """A mapping that cannot be changed; a dict, so that it is written as JSON and unpacked as fast as one."""

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


class Parameters(ReadOnly[float]):
    """Checked parameters: all names of the registry, each with a finite number."""


class Theories(ReadOnly[str]):
    """Checked theories: all subjects, each with the name of one of its theories."""


@cache
def standard_parameters() -> Parameters:
    """The parameters as the registry has them."""
    return Parameters(defaults())


@cache
def standard_theories() -> Theories:
    """The theory that each subject starts with."""
    return Theories(default_theories())


def parameters(given: object) -> Parameters:
    """All parameters: what is `given`, the registry's value for the others.

    Raises UserError for an unknown name or a value that is no finite number. Whether a value is plausible is
    asked where a user's scenario is run (`in_range`): a null model takes a mechanism away by a zero that no
    user may give.
    """
    if isinstance(given, Parameters):
        return given
    if not isinstance(given, Mapping):
        raise fields.refuse("parameters", given, "a mapping of names to numbers")
    known = standard_parameters()
    if any(name not in known for name in given):
        given = {
            current_key(f"parameters.{name}").removeprefix("parameters."): one for name, one in given.items()
        }
    # in a copied mapping most values are the very objects of the registry
    new = [(name, value) for name, value in given.items() if name not in known or known[name] is not value]
    for name, _ in new:
        if name not in known:
            raise fields.unknown("the key", f"parameters.{name}", (f"parameters.{each}" for each in known))
    changed = {name: _finite(name, plain(value)) for name, value in new}
    return Parameters({**known, **changed}) if changed else known


def _finite(name: str, value: object) -> float:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    except OverflowError:  # a whole number that no float holds
        pass
    one = registry()[name]
    raise fields.refuse(f"parameters.{name}", value, f"a number from {one.low:g} to {one.high:g}")


def in_range(given: Mapping[str, float]) -> None:
    """Refuse a parameter outside the range of the registry; raises UserError."""
    known = standard_parameters()
    for name, value in given.items():
        if value is not known[name]:
            one = registry()[name]
            fields.number(f"parameters.{name}", value, one.low, one.high)


def theories(given: object) -> Theories:
    """The theory of every subject: what is `given`, the default for the others. Raises UserError."""
    if isinstance(given, Theories):
        return given
    settings = {
        current_key(f"theory.{subject}").removeprefix("theory."): name
        for subject, name in fields.mapping("theories", given).items()
    }
    fields.known("theories", settings, THEORIES)
    chosen = {
        subject: fields.choice(f"theories.{subject}", _today(subject, plain(name)), THEORIES[subject])
        for subject, name in settings.items()
    }
    return Theories({**standard_theories(), **chosen}) if chosen else standard_theories()


def _today(subject: str, name: Any) -> Any:
    return current_value(f"theory.{subject}", name) if isinstance(name, str) else name


def plain(value: Any) -> Any:
    """A number of numpy, or an array of one number without dimensions, as Python's own; else as it is."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def row(key: str, value: Any, kind: type[T], wanted: str) -> tuple[T, ...]:
    """A tuple or list of `kind` as a tuple; raises UserError saying what is `wanted`."""
    if not isinstance(value, list | tuple) or not all(isinstance(each, kind) for each in value):
        raise fields.refuse(key, value, wanted)
    return tuple(value)


def once(key: str, names: Iterable[str], what: str) -> None:
    """Refuse a name that stands twice; raises UserError."""
    listed = list(names)
    twice = [name for place, name in enumerate(listed) if name in listed[:place]]
    if twice:
        raise fields.refuse(key, twice[0], f"each {what} once")
