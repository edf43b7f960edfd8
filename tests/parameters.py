"""The parameters of a rule under test: a record like the one a process gives to its rules."""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from hashlib import sha256
from typing import Any

from woc_sim.scenario.parameters import registry


def parameters(*subjects: str, **changed: float) -> Any:
    """All parameters of these subjects at their defaults, as fields `subject_name`, but for those `changed`.

    Raises AssertionError for a subject that has no parameter, and ValueError for a changed one that is none.
    """
    values = {one.name.replace(".", "_"): one.value for one in registry().values() if one.subject in subjects}
    found = {one.subject for one in registry().values()} & set(subjects)
    assert found == set(subjects), f"no such subjects: {set(subjects) - found}"
    return _record(tuple(values))(**values)._replace(**changed)


@cache
def _record(fields: tuple[str, ...]) -> Any:
    """One type for the same fields, with a name of its own, by which this module has it: compiled rules are
    kept by the names of types, and a rule that is read back finds the same type again.
    """
    name = f"RuleParameters_{sha256(repr(fields).encode()).hexdigest()[:8]}"
    return globals().setdefault(name, namedtuple(name, fields, module=__name__))
