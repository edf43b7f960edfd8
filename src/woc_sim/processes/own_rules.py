"""Rules of one's own in a process: the kernels of the process once more, with one rule replaced.

The processes of the model stay as they are, and so do their compiled kernels. Here the text of a user's rule
is executed and compiled; a rule whose file the user has not named has no text (`woc_sim.scenario.own_rules`).
"""

from __future__ import annotations

import inspect
import itertools
import linecache
import math
import re
import sys
import traceback
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import PurePath
from types import FunctionType, ModuleType
from typing import Any, Final

from woc_sim import jit
from woc_sim.errors import UserError
from woc_sim.processes.contract import Process
from woc_sim.processes.rewiring import keyed_rule, rewired
from woc_sim.records import shown
from woc_sim.scenario.own_rules import (
    Argument,
    OwnRule,
    arguments_of,
    require_replaceable,
    require_source,
)

CHECKED: Final = "rule_of_ones_own"
"""Name of the function that calls a user's rule and checks what it gives."""
TRIED: Final = 3
"""Values of each argument at which a rule is tried before it is used: its ends and its middle."""


class OwnRuleError(UserError):
    """A rule of one's own gave a number that it may not give. Compiled code raises it: each ? of the sentence
    stands for a number.
    """

    def __init__(self, sentence: str, *numbers: float) -> None:
        for number in numbers:
            sentence = sentence.replace("?", f"{number:.6g}", 1)
        super().__init__(sentence)


def with_own_rules(process: Process, chosen: Mapping[str, OwnRule]) -> Process:
    """The process with the rules of one's own on its subjects; the process itself if there are none."""
    here = tuple((subject, rule) for subject, rule in chosen.items() if subject in process.theories)
    return _variant(process, here) if here else process


@cache
def _variant(process: Process, chosen: tuple[tuple[str, OwnRule], ...]) -> Process:
    replaced = {_builtin(subject): _checked(rule, subject) for subject, rule in chosen}
    key = "+".join(f"{subject}={rule}" for subject, rule in chosen)
    kernels = tuple(rewired(kernel, replaced, key) for kernel in process.kernels)
    return replace(process, kernels=kernels, own_rules=chosen)


def check_own_rules(chosen: Mapping[str, OwnRule]) -> None:
    """Execute and compile rules of one's own, and try each at a few places.

    Raises UserError for a rule whose file was not named, that does not compile or fails, or that gives nan or
    a number out of range.
    """
    for subject, rule in chosen.items():
        require_source(rule, subject)  # also where an equal rule was named in this process before
        _check(rule, subject)


def compile_own_rules(chosen: Mapping[str, OwnRule]) -> None:
    """Compile the kernels that call rules of one's own."""
    _live_a_month(tuple(chosen.items()))


@cache
def _live_a_month(chosen: tuple[tuple[str, OwnRule], ...]) -> None:
    from woc_sim.processes.schedule import schedule
    from woc_sim.scenario.schema import SYNTHETIC, SYNTHETIC_FRAMEWORK, LocalitySpec, Scenario
    from woc_sim.world.model import World

    place = LocalitySpec(SYNTHETIC, SYNTHETIC, SYNTHETIC_FRAMEWORK)
    town = Scenario((place,), people=50, months=1, theories=dict(chosen))
    World(town, 0, schedule(town.schedule)).step()


@cache
def _check(rule: OwnRule, subject: str) -> None:
    own, result = _own_function(rule, subject), require_replaceable(subject).result
    asked = {name: require_replaceable(subject).arguments[name] for name in arguments_of(rule, subject)}
    if jit.JIT_ON:
        _compile(own, rule, len(asked), result)
    for numbers in itertools.product(*map(_tried, asked.values())):
        try:
            given = own(*numbers)
        except ArithmeticError:
            given = math.nan  # what compiled code gives for a division by zero
        except Exception as error:
            raise UserError(f"{rule.named} fails ({type(error).__name__}: {shown(error)})") from None
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        if not (is_number and result.low <= given <= result.high):
            where = ", ".join(f"{name}={number:g}" for name, number in zip(asked, numbers, strict=True))
            raise UserError(f"{rule.named} gives {shown(given)} for {where}; {_allowed(result)}")


def _tried(argument: Argument) -> list[float]:
    """Its lowest and highest value, and some between them."""
    width = argument.high - argument.low
    return [argument.low + width * step / (TRIED - 1) for step in range(TRIED)]


def _allowed(result: Argument) -> str:
    return f"allowed: a number from {result.low:g} to {result.high:g} ({result.meaning})"


@cache
def _own_function(rule: OwnRule, subject: str) -> Any:
    """The function of the user. All functions of its file become rules, so that it can call them."""
    require_source(rule, subject)
    arguments_of(rule, subject)
    file = _file_of(rule)
    linecache.cache[file] = len(rule.source), None, rule.source.splitlines(True), file
    scope = _new_module(f"own_rule_{rule.partition('@')[2]}")
    try:
        exec(compile(rule.source, file, "exec"), scope)
    except (Exception, SystemExit) as error:
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file
        ]
        line = f", line {lines[-1]}" if lines else ""
        raise UserError(f"{file}{line} fails ({type(error).__name__}: {shown(error)})") from None
    functions: dict[str, Any] = {}
    for name, value in list(scope.items()):
        function = getattr(value, "py_func", value)  # the file may use `rule` itself
        if isinstance(function, FunctionType) and function.__globals__ is scope:
            scope[name] = functions[name] = keyed_rule(function, rule)
    if rule.function not in functions:
        raise UserError(f"{file} defines {rule.function}, and then gives the name to something else")
    return functions[rule.function]


def _new_module(name: str) -> dict[str, Any]:
    """The names of a new module. numba looks it up by its name when it reads compiled code from the cache."""
    module = ModuleType(name)
    sys.modules[name] = module
    return vars(module)


def _file_of(rule: OwnRule) -> str:
    """The file as messages name it: numba shows a longer path in its own way."""
    return PurePath(rule.place).name or f"<{rule}>"


def _compile(own: Any, rule: OwnRule, arguments: int, result: Argument) -> None:
    """Compile a rule for numbers. Raises UserError with numba's reason and the line, and if it may give what
    is no number."""
    try:
        own.compile(tuple([jit.typing.float64] * arguments))
    except jit.CompileError as error:
        reason, line = _reason(error, _file_of(rule))
        raise UserError(f"{_file_of(rule)}{line} cannot be compiled: {reason}") from None
    given = own.nopython_signatures[-1].return_type
    if not isinstance(given, jit.typing.Float | jit.typing.Integer):
        raise UserError(f"{rule.named} gives {given}; {_allowed(result)}")


def _reason(error: Exception, file: str) -> tuple[str, str]:
    """What numba says is wrong, without the frame around it, and the line of the file."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [int(number) for number in re.findall(rf'File "{re.escape(file)}", line (\d+)', text)]
    said = [line.strip() for line in text.splitlines()]
    said = [line for line in said if line and not line.startswith(("Failed in", "File ", "- Resolution"))]
    return shown(said[0] if said else type(error).__name__), f", line {lines[-1]}" if lines else ""


def _builtin(subject: str) -> Any:
    """The rule of the model on this subject."""
    place = require_replaceable(subject)
    return getattr(import_module(f"woc_sim.rules.{place.module}"), place.rule)


@cache
def _checked(rule: OwnRule, subject: str) -> Any:
    """The user's rule in the form of the model's rule: it takes the same arguments and passes on those that
    are asked for, and raises OwnRuleError for a number out of range.
    """
    require_source(rule, subject)
    replaceable, asked = require_replaceable(subject), arguments_of(rule, subject)
    builtin = _builtin(subject)
    taken = list(inspect.signature(getattr(builtin, "py_func", builtin)).parameters)
    passed = []
    for name in asked:
        field = replaceable.arguments[name].parameter.replace(".", "_")
        passed.append(f"float({name if name in taken else f'p.{field}'})")
    result = replaceable.result
    for_ = "".join(f" {name}=?" for name in asked)
    sentence = f"theory.{subject}={rule} gave ? for{for_}; {_allowed(result)}"
    call = f"    _value = float(_own({', '.join(passed)}))\n"
    if not jit.JIT_ON:  # compiled code gives nan or inf for a division by zero
        call = f"    try:\n    {call}    except ArithmeticError:\n        _value = _nan\n"
    text = (
        f"def {CHECKED}({', '.join(taken)}):\n{call}"
        f"    if {result.low!r} <= _value <= {result.high!r}:\n"
        "        return _value\n"
        f"    raise _Error({sentence!r}, {', '.join(['_value', *passed])})\n"
    )
    scope = _new_module(f"own_rule_{rule.partition('@')[2]}_{rule.function}_in_{subject}")
    scope |= {"_own": _own_function(rule, subject), "_Error": OwnRuleError, "_nan": math.nan}
    exec(compile(text, f"<{rule} in {subject}>", "exec"), scope)
    return keyed_rule(scope[CHECKED], f"{subject}={rule}")
