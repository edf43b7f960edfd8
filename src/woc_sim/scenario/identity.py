"""Identity: the canonical form of a scenario, the key of a run, and the hash of the model's own sources.

Run options are no part of it. Two settings that mean the same (``executive=X`` and
``locality.executive=X``) have become the same scenario before they arrive here.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from woc_sim.cache import cache_root, keep, source_files, sources_hash
from woc_sim.errors import UserError
from woc_sim.records import file_bytes
from woc_sim.scenario.schema import Scenario

_PACKAGE = Path(__file__).resolve().parent.parent

MODEL_SOURCES = (
    "jit.py",
    "draws.py",
    "simulation.py",
    "inputs",
    "rules",
    "scenario",
    "world",
    "processes",
    "instruments",
)
"""What results depend on; ensembles, analysis, figures and the command line may change without changing
them."""


def canonical(scenario: Scenario, **changed: Any) -> str:
    """The scenario as JSON with sorted keys and shortest exact numbers: equal text, equal scenario.

    changed: fields that are written otherwise than the scenario has them."""
    return json.dumps(
        _named(scenario) | changed,
        default=_named,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
        allow_nan=False,
    )


def _named(part: Any) -> dict[str, Any]:
    """A part of a scenario by the names of its fields. `dataclasses.asdict` would copy every parameter."""
    return {each.name: getattr(part, each.name) for each in fields(part)}


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the canonical form, 64 hex digits."""
    return hashlib.sha256(canonical(scenario).encode()).hexdigest()


def run_id(scenario: Scenario, replicate: int) -> str:
    """Key of one replicate of a scenario, 16 hex digits."""
    return run_ids(scenario, (replicate,))[0]


def run_ids(scenario: Scenario, replicates: Iterable[int]) -> list[str]:
    """Keys of several replicates of a scenario: writing it down is the larger part of a key."""
    begun = hashlib.sha256(f"{canonical(scenario)}\n".encode())
    found = []
    for replicate in replicates:
        digest = begun.copy()
        digest.update(str(int(replicate)).encode())
        found.append(digest.hexdigest()[:16])
    return found


@cache
def model_hash() -> str:
    """SHA-256 (16 hex digits) of what the model computes with: syntax trees of its modules, bytes of its
    tables.

    Comments, blank lines and docstrings do not count; a changed number or table does. Parsing takes half
    a second, so the answer for these very bytes is kept beside the compiled kernels.
    """
    raw = sources_hash(_PACKAGE, MODEL_SOURCES, sys.version_info[:2])
    root = cache_root()
    if root is None:
        return _hash_of(_PACKAGE)
    known = root / f"model-hash-{raw}"
    with suppress(FileNotFoundError, UserError):  # there is none yet, or it is no file that can be read
        kept = file_bytes(known, most=100)
        if kept == _checked(kept[:16], raw):
            return kept[:16].decode("ascii")
    found = _hash_of(_PACKAGE)
    keep(known, _checked(found.encode("ascii"), raw))
    return found


def _checked(found: bytes, raw: str) -> bytes:
    """A model hash as it is kept: with a check of itself and of what it was made from."""
    return found + b" " + hashlib.sha256(found + raw.encode()).hexdigest()[:16].encode()


def inside_package(path: Path) -> bool:
    """Whether a folder lies in this package, where results must not be written: it is code."""
    return path.resolve().is_relative_to(_PACKAGE)


def _hash_of(package: Path) -> str:
    digest = hashlib.sha256()
    for path in source_files(package, MODEL_SOURCES):
        content = _tree(path) if path.suffix == ".py" else path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _tree(path: Path) -> bytes:
    """The module's syntax without docstrings and positions, spelled the same by every Python.

    ``ast.dump`` and ``ast.unparse`` differ between versions; classes and fields that say something do not.
    """
    spelled: list[str] = []
    stack: list[object] = [ast.parse(path.read_bytes())]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.AST):
            spelled.append(type(node).__name__)
            body = getattr(node, "body", None)
            if isinstance(node, _DOCUMENTED) and body and _is_text(body[0]):
                body = body[1:]
            for name in node._fields:
                value = body if name == "body" else getattr(node, name, None)
                if value is not None and value != []:
                    stack += [value, name]
        elif isinstance(node, list):
            stack += [len(node), *node]
        else:
            spelled.append(repr(node))
    return "\n".join(spelled).encode()


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
