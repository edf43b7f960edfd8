"""Rules as plain Python functions: what a modeller without a compiler would have written."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType, SimpleNamespace
from typing import Any

import woc_sim.rules


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


@cache
def plain_rules() -> SimpleNamespace:
    """Every rule of the model by its name, as plain Python."""
    found: dict[str, Any] = {}
    for module in iter_modules(woc_sim.rules.__path__):
        loaded = import_module(f"woc_sim.rules.{module.name}")
        for name, each in vars(loaded).items():
            written = getattr(each, "py_func", each)
            if isinstance(written, FunctionType) and written.__module__ == loaded.__name__:
                found[name] = plain(each)
    return SimpleNamespace(**found)
