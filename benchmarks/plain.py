"""Rules as plain Python functions: what a modeller without a compiler would have written."""

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any


@cache
def plain(rule: Callable[..., Any]) -> Callable[..., Any]:
    """The Python function behind a compiled rule, with every rule that it calls plain as well."""
    written = getattr(rule, "py_func", rule)
    names = dict(written.__globals__)
    for name in written.__code__.co_names:
        if hasattr(names.get(name), "py_func"):
            names[name] = plain(names[name])
    copy = FunctionType(written.__code__, names, written.__name__, written.__defaults__)
    copy.__doc__ = written.__doc__
    return copy
