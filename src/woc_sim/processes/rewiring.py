"""Kernels once more, with other rules in them.

A kernel finds the rules that it calls among the names of its module. A copy of the kernel gets other names,
and so does a copy of everything between it and the rule. The originals, and what is compiled of them, stay as
they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType, FunctionType
from typing import Any

from woc_sim.jit import JIT_ON, KernelEntry, compile_function


def keyed_rule(function: Any, key: str) -> Any:
    """A rule that is made from a text outside this package; `key` names the text in the kernel cache."""
    return compile_function(function, key=key) if JIT_ON else function


def rewired(original: Any, replaced: Mapping[Any, Any], key: str) -> Any:
    """A copy of a compiled function in which others are replaced, also in all that it calls; the function
    itself if it calls none of them.

    The original stays as it is. key: names the replacements in the kernel cache.
    """
    if isinstance(original, KernelEntry):
        inner = rewired(original.compiled, replaced, key)
        return original if inner is original.compiled else KernelEntry(inner)
    if original in replaced:
        return replaced[original]
    function = original.py_func if JIT_ON else original
    changed: dict[str, Any] = {}
    for name in _names_in(function.__code__):
        used = function.__globals__.get(name)
        if _calls_on(used) and (new := rewired(used, replaced, key)) is not used:
            changed[name] = new
    if not changed:
        return original
    scope = {**function.__globals__, **changed}
    copy = FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
    # Machine code is found by this name, and the original may be in memory too.
    copy.__qualname__ = f"{function.__qualname__}_{key}"
    copy.__module__ = function.__module__
    return compile_function(copy, original.targetoptions.get("inline", "never"), key) if JIT_ON else copy


def _names_in(code: CodeType) -> set[str]:
    """Names that a function looks up, also in its comprehensions."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return set(code.co_names).union(*map(_names_in, inner))


def _calls_on(value: Any) -> bool:
    """Whether a value is a rule or kernel of this package."""
    if JIT_ON:
        return hasattr(value, "py_func")
    return isinstance(value, FunctionType) and value.__module__.startswith("woc_sim.")
