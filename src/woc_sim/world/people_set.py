"""Residents or migrants as a set with the habits of Mesa's AgentSet, over columns instead of objects.

`world.residents` and `world.migrants` are such sets. They are no AgentSet and their people are not in
`world.agents`: an object a person would cost hundreds of times the time and memory. What an AgentSet answers,
a PeopleSet answers alike; what would run code person by person in an order (`do`, `shuffle_do`) it refuses,
because behaviour lives in processes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from woc_sim.world.locality import Locality
from woc_sim.world.views import PersonView, write

Array = np.ndarray[Any, Any]

INSTEAD: Final = {
    "do": "change columns with set(), or write a process, which applies a rule to everybody at once",
    "shuffle_do": "write a process: everybody decides from the same state, so no order matters",
    "shuffle": "people have no order that matters; draw with an address (woc_sim.draws) to pick some",
    "sort": "sort values instead, for example with numpy.argsort(people.get('age'))",
    "add": "people come by the process arrivals; select() makes smaller sets",
    "discard": "select() makes smaller sets",
    "remove": "people leave by the processes demography and experience; select() makes smaller sets",
}
"""What of an AgentSet a PeopleSet refuses, and what to do instead."""


def _refusal(owner: str, name: str) -> AttributeError:
    if name in INSTEAD:
        return AttributeError(f"a {owner} has no {name}(): {INSTEAD[name]}")
    return AttributeError(f"a {owner} has no attribute {name!r}")


class PeopleSet:
    """Some residents, or some migrants, of one or more localities.

    Order: localities as in the scenario, in each of them by row; rows never move. Who is in the set is fixed
    when it is made, their columns are read when asked. `parts` are the localities with their row numbers.
    """

    def __init__(self, kind: str, parts: Sequence[tuple[Locality, Array]]) -> None:
        self.kind = kind
        self.parts = tuple(parts)

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self.parts)

    def __iter__(self) -> Iterator[PersonView]:
        for locality, rows in self.parts:
            for row in rows.tolist():
                yield PersonView(locality, self.kind, row)

    def __contains__(self, person: object) -> bool:
        return (
            isinstance(person, PersonView)
            and person.kind == self.kind
            and any(person.locality is locality and person.row in rows for locality, rows in self.parts)
        )

    def __getitem__(self, item: int | slice) -> PersonView | list[PersonView]:
        places = [(locality, row) for locality, rows in self.parts for row in rows.tolist()]
        if isinstance(item, slice):
            return [PersonView(locality, self.kind, row) for locality, row in places[item]]
        locality, row = places[item]
        return PersonView(locality, self.kind, row)

    def __getattr__(self, name: str) -> Any:
        raise _refusal("PeopleSet", name)

    def __repr__(self) -> str:
        return f"<PeopleSet of {len(self)} {self.kind}>"

    def select(
        self,
        chosen: Sequence[bool] | Array | Callable[[PersonView], bool] | None = None,
        at_most: float = float("inf"),
    ) -> PeopleSet:
        """Those for whom a mask (one flag each, in the set's order) or a function of a view is true.

        A mask is quick (``people.select(people.get("age") < 18)``); a function is called for every person.
        at_most: at most so many, the first ones; a float up to 1.0 is a share of this set, rounded down.
        Raises ValueError for a mask of another length.
        """
        if chosen is None:
            mask = np.ones(len(self), dtype=bool)
        elif callable(chosen):
            mask = np.fromiter((bool(chosen(person)) for person in self), dtype=bool, count=len(self))
        else:
            mask = np.asarray(chosen)
            if mask.shape != (len(self),) or mask.dtype != bool:
                raise ValueError(f"a mask needs one true or false for each of the {len(self)} people")
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        if at_most < len(self):
            mask = mask & (np.cumsum(mask) <= at_most)
        return self._where(mask)

    def _where(self, mask: Array) -> PeopleSet:
        ends = np.cumsum([len(rows) for _, rows in self.parts])[:-1]
        pieces = np.split(mask, ends)
        return PeopleSet(
            self.kind, [(place, rows[part]) for (place, rows), part in zip(self.parts, pieces, strict=True)]
        )

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> Any:
        """Values of one column as an array, or of several as a list with a list for each person.

        A column that is held for each group of migrants has a row a person and a column a group;
        'attitude_to.ukrainian' names the values for one group.
        handle_missing: 'error' raises AttributeError for a column that does not exist, 'default' takes
        `default_value` for everybody.
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is {handle_missing!r}; allowed: 'error', 'default'")
        if isinstance(attr_names, str):
            return self._column(attr_names, handle_missing == "default", default_value)
        columns = [
            self._column(name, handle_missing == "default", default_value).tolist() for name in attr_names
        ]
        return (
            [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in range(len(self))]
        )

    def _column(self, name: str, lenient: bool, default: Any) -> Array:
        found = []
        for locality, rows in self.parts:
            people = locality.sets[self.kind]
            if lenient and not people.has(name):
                return np.full(len(self), default, dtype=None if default is not None else object)
            found.append(people.take(name, rows))
        return np.concatenate(found)

    def set(self, attr_name: str, value: Any) -> PeopleSet:
        """Write one value for all, or one for each (in the set's order), into a column; returns the set.

        Raises AttributeError for a column that does not exist, ValueError for values outside its bounds or
        for another number of them. A world that was written into is no longer what its scenario says.
        """
        each = np.ndim(value) > 0
        if each and len(value) != len(self):
            raise ValueError(f"{len(value)} values for {len(self)} people; give one, or one for each")
        start = 0
        for locality, rows in self.parts:
            part = np.asarray(value)[start : start + len(rows)] if each else value
            write(locality.sets[self.kind], attr_name, rows, part)
            start += len(rows)
        return self

    def agg(self, attribute: str, func: Callable[[Any], Any] | Iterable[Callable[[Any], Any]]) -> Any:
        """What a function makes of the array of a column; a list of results for several functions."""
        values = self.get(attribute)
        return func(values) if callable(func) else [each(values) for each in func]

    def map(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """The answers of a function that is called with a view on each person (slow)."""
        if not callable(method):
            raise TypeError(f"people have no methods such as {method!r}; give a function of one person")
        return [method(person, *args, **kwargs) for person in self]

    def groupby(self, by: str | Callable[[PersonView], Hashable]) -> PeopleGroups:
        """Sets by the value of a column or of a function of a view, in the order of first appearance."""
        labels = [by(person) for person in self] if callable(by) else self.get(by).tolist()
        members: dict[Hashable, list[int]] = {}
        for place, label in enumerate(labels):
            members.setdefault(label, []).append(place)
        groups = {}
        for label, places in members.items():
            mask = np.zeros(len(self), dtype=bool)
            mask[places] = True
            groups[label] = self._where(mask)
        return PeopleGroups(groups)


class PeopleGroups:
    """PeopleSets by label, as `PeopleSet.groupby` makes them; iterates over (label, set)."""

    def __init__(self, groups: Mapping[Hashable, PeopleSet]) -> None:
        self.groups = dict(groups)

    def __len__(self) -> int:
        return len(self.groups)

    def __iter__(self) -> Iterator[tuple[Hashable, PeopleSet]]:
        return iter(self.groups.items())

    def __getattr__(self, name: str) -> Any:
        raise _refusal("group of people", name)

    def map(self, method: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> dict[Hashable, Any]:
        """The answer of a function of a set, or of a set's method by name, for each group."""
        if isinstance(method, str):
            return {label: getattr(group, method)(*args, **kwargs) for label, group in self}
        return {label: method(group, *args, **kwargs) for label, group in self}

    def count(self) -> dict[Hashable, int]:
        """The number of people in each group."""
        return {label: len(group) for label, group in self}

    def agg(self, attr_name: str, func: Callable[[Any], Any]) -> dict[Hashable, Any]:
        """What a function makes of the array of a column, for each group."""
        return {label: group.agg(attr_name, func) for label, group in self}
