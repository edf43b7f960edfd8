"""Identity: the canonical form of a scenario, the key of a run, and the hash of the model's sources.

Run options are not part of it. Settings with the same meaning (``executive=X`` and ``locality.executive=X``)
have already become the same scenario.
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

from woc_sim.cache import cache_root, source_files, sources_hash, write_cache_file
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
"""Sources that results depend on. Ensembles, analysis, figures and the command line are not among them."""


def canonical(scenario: Scenario, **changed: Any) -> str:
    """The scenario as JSON with sorted keys and shortest exact numbers: equal texts mean equal scenarios.

    changed: fields that get another value in the text than in the scenario.
    """
    return json.dumps(
        _field_values(scenario) | changed,
        default=_field_values,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
        allow_nan=False,
    )


def _field_values(part: Any) -> dict[str, Any]:
    """The fields of a part of a scenario as a dict. `dataclasses.asdict` would copy every parameter."""
    return {each.name: getattr(part, each.name) for each in fields(part)}


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the canonical form, 64 hex digits."""
    return hashlib.sha256(canonical(scenario).encode()).hexdigest()


def run_id(scenario: Scenario, replicate: int) -> str:
    """Key of one replicate of a scenario, 16 hex digits."""
    return run_ids(scenario, (replicate,))[0]


def run_ids(scenario: Scenario, replicates: Iterable[int]) -> list[str]:
    """Keys of several replicates of a scenario. The canonical form, the slow part, is computed once."""
    prefix = hashlib.sha256(f"{canonical(scenario)}\n".encode())
    keys = []
    for replicate in replicates:
        digest = prefix.copy()
        digest.update(str(int(replicate)).encode())
        keys.append(digest.hexdigest()[:16])
    return keys


@cache
def model_hash() -> str:
    """SHA-256 (16 hex digits) of the model's sources: syntax trees of its modules and bytes of its tables.

    Comments, blank lines and docstrings do not count. Parsing takes half a second, so the result is cached
    for these bytes beside the compiled kernels.
    """
    raw = sources_hash(_PACKAGE, MODEL_SOURCES, sys.version_info[:2])
    root = cache_root()
    if root is None:
        return _hash_of(_PACKAGE)
    path = root / f"model-hash-{raw}"
    with suppress(FileNotFoundError, UserError):  # not there yet, or unreadable
        content = file_bytes(path, most=100)
        if content == _with_checksum(content[:16], raw):
            return content[:16].decode("ascii")
    result = _hash_of(_PACKAGE)
    write_cache_file(path, _with_checksum(result.encode("ascii"), raw))
    return result


def _with_checksum(hash_text: bytes, raw: str) -> bytes:
    """The bytes of a cached model hash: the hash, and a checksum of it and of the sources it was made
    from.
    """
    return hash_text + b" " + hashlib.sha256(hash_text + raw.encode()).hexdigest()[:16].encode()


def inside_package(path: Path) -> bool:
    """Whether a folder lies in this package. Results must not be written there."""
    return path.resolve().is_relative_to(_PACKAGE)


def _hash_of(package: Path) -> str:
    digest = hashlib.sha256()
    for path in source_files(package, MODEL_SOURCES):
        content = _syntax(path) if path.suffix == ".py" else path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _syntax(path: Path) -> bytes:
    """The syntax tree of a module as bytes, without docstrings and positions, the same in every version of
    Python.

    ``ast.dump`` and ``ast.unparse`` differ between versions; class names and non-empty fields of the tree do
    not.
    """
    words: list[str] = []
    stack: list[object] = [ast.parse(path.read_bytes())]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.AST):
            words.append(type(node).__name__)
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
            words.append(repr(node))
    return "\n".join(words).encode()


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
