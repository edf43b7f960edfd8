"""Rules of one's own: which rules a user may replace, and the text of the rule that replaces one.

A rule of one's own is a Python function in a file, `my_rules.py:contact_effect`, or an entry point of an
installed package, `my_package:contact_effect`. Here its text is read and checked; nothing is executed. In a
scenario it is known by the name of the function and a hash of the text, `contact_effect@3f2a0c41d5e6b798`.
That is all that plans, manifests and settings hold, so that no file from others can bring code.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, Final

from woc_sim.errors import UserError, nearest, short_list
from woc_sim.inputs.reading import read_rows
from woc_sim.inputs.theories import theories
from woc_sim.records import file_bytes, shown
from woc_sim.scenario.parameters import registry

TABLE: Final = Path(__file__).parent / "own_rules.csv"
HEADER: Final = ("subject", "rule", "argument", "parameter", "unit", "low", "high", "meaning")
ENTRY_POINTS: Final = "woc_sim.rules"
"""The group of entry points in which packages offer rules."""
MODULES: Final = ("__future__", "math", "typing", "woc_sim.jit", "woc_sim.rules")
"""What a file of rules may import. The text of the file and the sources of woc-sim then say all that the rule
does, and the hash of the text is its identity."""
MAX_FILE: Final = 100_000
ADVICE: Final = "give a Python file of rules, e.g. theory/contact=my_rules.py:contact_effect"

_REFERENCE: Final = re.compile(r"(?P<place>.+):(?P<function>[^:/\\]*)", re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_RECORDED: Final = re.compile(rf"(?P<function>{_NAME.pattern})@[0-9a-f]{{16}}")


@dataclass(frozen=True, slots=True)
class Argument:
    """A number that a rule may ask for, or gives: its range, unit and meaning.

    parameter: full name of the parameter of the model that it is; empty for what differs between persons.
    """

    name: str
    parameter: str
    unit: str
    low: float
    high: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Replaceable:
    """A rule that users may replace: the rule is the whole of what the theory says on its subject.

    module, rule: where it stands in `woc_sim.rules`; result: what it gives; arguments: what it may ask for.
    """

    subject: str
    module: str
    rule: str
    result: Argument
    arguments: Mapping[str, Argument]


@cache
def replaceable() -> Mapping[str, Replaceable]:
    """Subject -> the rule that users may replace. Raises ValueError if the table is at fault."""
    rules: dict[str, tuple[str, str]] = {}
    arguments: dict[str, dict[str, Argument]] = {}
    for row in read_rows(TABLE.name, HEADER, TABLE.parent):
        subject, name = row.text("subject"), row.text("argument", empty=True)
        if subject not in theories() or (subject in rules) == (not name):
            raise row.fault(f"{subject} is no subject, or its first row does not say what the rule gives")
        if not name:
            module, _, rule = row.text("rule").partition(".")
            rules[subject] = module, rule
        parameter = row.text("parameter", empty=True)
        if parameter:
            low, high = registry()[parameter].low, registry()[parameter].high
        else:
            low, high = row.number_in("low", -1e6, 1e6), row.number_in("high", -1e6, 1e6)
        found = Argument(name, parameter, row.text("unit"), low, high, row.text("meaning"))
        arguments.setdefault(subject, {})[name] = found
    return MappingProxyType(
        {
            subject: Replaceable(subject, *rules[subject], own.pop(""), MappingProxyType(own))
            for subject, own in arguments.items()
        }
    )


class OwnRule(str):
    """A rule of one's own, as a text: its identity, `function@hash`.

    source: the text of its file; empty if only the identity is known, and then it cannot be run. place: the
    file or package that the user named; it is no part of the identity.
    """

    source: str
    place: str

    def __new__(cls, identity: str, source: str = "", place: str = "") -> OwnRule:
        """A rule of this identity."""
        rule = super().__new__(cls, identity)
        rule.source, rule.place = source, place
        return rule

    def __reduce__(self) -> tuple[Any, ...]:
        return OwnRule, (str(self), self.source, self.place)

    @property
    def function(self) -> str:
        """The name of the function."""
        return self.partition("@")[0]

    @property
    def named(self) -> str:
        """The rule as the user named it."""
        return f"{self.place}:{self.function}" if self.place else str(self)

    @property
    def file_name(self) -> str:
        """The name of the file in which results keep its text."""
        return f"{self.replace('@', '-')}.py"


def is_reference(name: object) -> bool:
    """Whether a text names a rule of one's own, as `my_rules.py:contact_effect` or `my_package:rule`."""
    return isinstance(name, str) and not isinstance(name, OwnRule) and ":" in name


def recorded(name: object) -> OwnRule | None:
    """The rule of one's own whose identity this is; None if it is no such identity."""
    if isinstance(name, OwnRule):
        return name
    return OwnRule(name) if isinstance(name, str) and _RECORDED.fullmatch(name) else None


def read_own_rule(reference: str) -> OwnRule:
    """The rule that a text names. Its file is read, not executed.

    Raises UserError if there is no such file, package or function, or if the file is no Python or imports
    more than `MODULES`.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None or not match["function"]:
        raise UserError(f"{shown(reference)} names no function; write FILE.py:FUNCTION")
    place, function = match["place"], match["function"]
    path = Path(place)
    if not _NAME.fullmatch(function) and path.suffix == ".py":
        raise UserError(
            f"{shown(reference)} names the function {shown(repr(function))}; write FILE.py:FUNCTION, where "
            "the name has up to 64 letters a to z, digits and _, and begins with no digit"
        )
    if path.suffix != ".py":
        path, function = _entry_point(place, function)
    try:
        content = file_bytes(path, ADVICE, MAX_FILE)
    except FileNotFoundError:
        raise UserError(f"{shown(place)} does not exist; {ADVICE}") from None
    try:
        source = "\n".join(content.decode("utf-8-sig").splitlines()) + "\n"
    except UnicodeDecodeError:
        raise UserError(f"{shown(place)} is not a text file in UTF-8; {ADVICE}") from None
    _check_source(source, shown(PurePath(place).name), function)
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    return OwnRule(f"{function}@{digest}", source, place)


def _entry_point(package: str, name: str) -> tuple[Path, str]:
    """The file and the function of an entry point of an installed package; nothing of it is imported."""
    from importlib.metadata import entry_points

    offered = [
        one
        for one in entry_points(group=ENTRY_POINTS)
        if one.dist is not None and _same_package(one.dist.name, package)
    ]
    for one in offered:
        if one.name == name and one.dist is not None:
            if not _NAME.fullmatch(one.attr or ""):
                raise UserError(
                    f"{shown(f'{package}:{name}')} stands for {shown(one.value)} in its package; a rule is a "
                    "function of a module, MODULE:FUNCTION"
                )
            module = Path(str(one.dist.locate_file(one.module.replace(".", "/"))))
            file = module.with_name(f"{module.name}.py")
            return file if file.exists() else module / "__init__.py", one.attr
    known = f"it offers {short_list(one.name for one in offered)}" if offered else ADVICE
    raise UserError(f"no installed package offers the rule {shown(f'{package}:{name}')}; {known}")


def _same_package(one: str, other: str) -> bool:
    """Whether two names mean one package: -, _ and . are alike, and so are capitals (PEP 503)."""
    first, second = (re.sub(r"[-_.]+", "-", name).lower() for name in (one, other))
    return first == second


def _check_source(source: str, file: str, function: str) -> None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise UserError(f"{file}{line} is not valid Python: {shown(reason)}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise | ast.Assert):
            raise UserError(
                f"{file}, line {node.lineno} raises an error; a rule gives a number, whatever it is asked"
            )
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = ["." * node.level + (node.module or "")]
        for module in modules:
            if module not in MODULES and not module.startswith("woc_sim.rules."):
                raise UserError(
                    f"{file}, line {getattr(node, 'lineno', 0)} imports {shown(module)}; a file of rules may "
                    f"import {short_list(MODULES)}"
                )
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if function not in names:
        hint = nearest(function, names) or (f"it has {short_list(names)}" if names else "it has none")
        raise UserError(f"{file} has no function {shown(repr(function))}; {hint}")


def arguments_of(rule: OwnRule, subject: str) -> tuple[str, ...]:
    """The numbers that a rule asks for, in its order. Raises UserError for one that the subject has not.

    A rule with a wrong argument is refused before anything of its file is executed.
    """
    open_rule = require_replaceable(subject)
    tree = ast.parse(rule.source)
    (found,) = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == rule.function
    ][-1:]
    given = found.args
    plain = [each.arg for each in (*given.posonlyargs, *given.args)]
    may = f"a rule of {subject} may ask for {short_list(open_rule.arguments, 20)}"
    if given.vararg or given.kwarg or given.kwonlyargs or given.defaults:
        raise UserError(f"{rule.named} has arguments with *, ** or a default; {may}")
    for name in plain:
        if name not in open_rule.arguments:
            hint = nearest(name, open_rule.arguments)
            raise UserError(f"{rule.named} asks for {shown(repr(name))}; {f'{hint} ' if hint else ''}{may}")
    return tuple(plain)


def require_replaceable(subject: str) -> Replaceable:
    """The replaceable rule of a subject. Raises UserError if it has none."""
    found = replaceable().get(subject)
    if found is None:
        raise UserError(
            f"theory.{subject} takes no rule of one's own; those that do are {short_list(replaceable())}"
        )
    return found


def require_source(rule: OwnRule, subject: str) -> None:
    """Raise UserError for a rule that is known by its identity alone: its code was not named."""
    if not rule.source:
        raise UserError(
            f"theory.{subject} is {rule}, a rule of one's own; woc-sim runs its code only if you name its "
            f"file: theory/{subject}=FILE.py:{rule.function}"
        )


def named_by_user(reference: str, subject: str) -> OwnRule:
    """The rule that the user names for a subject, checked as far as that goes without executing it.

    Raises UserError as `read_own_rule` and `arguments_of`.
    """
    require_replaceable(subject)
    rule = read_own_rule(reference)
    arguments_of(rule, subject)
    return rule


def own_rules(chosen: Mapping[str, str]) -> dict[str, OwnRule]:
    """Subject -> rule of one's own, of those theories that are one."""
    return {subject: name for subject, name in chosen.items() if isinstance(name, OwnRule)}
