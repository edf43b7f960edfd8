"""Reading back what was written before or handed in: one checked reader for each format.

A file may be damaged, of another program, or made to do harm. Every reader takes regular files of a bounded
size only, and says in one sentence which file is wrong, in which field, what was expected and what to do.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from woc_sim.errors import UserError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

T = TypeVar("T")

MOST_TEXT: Final = 64_000_000
"""Bytes of the largest text file that is read: a manifest of 100,000 points has a tenth of it."""
MOST_SETTINGS: Final = 1_000_000
"""Bytes of the largest file of settings."""
MOST_DEPTH: Final = 32
"""Mappings and lists inside one another in a file of settings."""
LONGEST: Final = 80
"""Characters of a value that a sentence shows."""
CLEAN_UP: Final = "delete it, and the same command makes it again"


def shown(text: object) -> str:
    """A text for a sentence: one line, without control characters, of `LONGEST` characters at most.

    >>> shown("a\\x1b[31mb\\n c")
    'a?[31mb c'
    """
    return one_line(str(text), LONGEST)


def file_bytes(path: Path, mend: str = CLEAN_UP, most: int = MOST_TEXT) -> bytes:
    """The bytes of a regular file, which a link may lead to.

    Raises FileNotFoundError if there is none, UserError for a pipe, a device, a folder, a file of more than
    `most` bytes, or one that cannot be read; `mend` says what to do.
    """
    try:
        # a pipe would wait for a writer for ever
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise UserError(f"{shown(path)} is no ordinary file; {mend}")
            content = file.read(most + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UserError(f"{shown(path)} cannot be read ({shown(reason)}); {mend}") from None
    if len(content) > most:
        raise UserError(f"{shown(path)} is larger than {most / 1e6:g} MB; {mend}")
    return content


def file_sha256(path: Path) -> str:
    """SHA-256 of a regular file of any size, 64 hex digits. Raises as `file_bytes` does."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise UserError(f"{shown(path)} is no ordinary file; {CLEAN_UP}")
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UserError(f"{shown(path)} cannot be read ({error.strerror or error}); {CLEAN_UP}") from None


def json_record(path: Path, kind: type[T], mend: str = CLEAN_UP, most: int = MOST_TEXT) -> T:
    """The record of type `kind` (anything msgspec decodes) that a JSON file holds.

    Raises FileNotFoundError if there is no file, UserError for one that is no JSON of this form.
    """
    return json_text(file_bytes(path, mend, most), kind, shown(path), mend)


def json_text(content: bytes | str, kind: type[T], source: str, mend: str = CLEAN_UP) -> T:
    """The record of type `kind` in a JSON text from `source`; raises UserError."""
    import msgspec

    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise UserError(f"{source} does not hold what it should ({shown(error)}); {mend}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        said = "nested too deeply" if isinstance(error, RecursionError) else shown(error)
        raise UserError(f"{source} is no JSON that can be read ({said}); {mend}") from None


def yaml_settings(path: Path, mend: str, most: int = MOST_SETTINGS) -> Any:
    """What a YAML file of settings holds, read as `yaml_text` does. Raises FileNotFoundError if there is
    none, UserError for one that cannot be read."""
    return yaml_text(file_bytes(path, mend, most), shown(path), mend)


def yaml_text(content: bytes | str, source: str, mend: str) -> Any:
    """The settings in a YAML text: mappings with text as keys, lists, text, numbers, true, false and null.

    Numbers are read as YAML 1.2 and the command line read them: 0100 and 1:30 are texts. A key given twice,
    an anchor or alias, a tag, and more than `MOST_DEPTH` levels are refused. Raises UserError.
    """
    import yaml

    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return yaml.load(text, Loader=_settings_loader())
    except UnicodeDecodeError:
        raise UserError(f"{source} is not a text file in UTF-8; {mend}") from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
            said = f"line {error.problem_mark.line + 1}: {shown(error.problem)}"
        else:
            said = shown(error)
        raise UserError(f"{source} is not valid YAML ({said}); {mend}") from None


PLAIN: Final = (
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", tuple("tTfF")),
    ("tag:yaml.org,2002:int", r"[-+]?(0|[1-9][0-9]{0,18})", tuple("-+0123456789")),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(\.[0-9]{1,30}|(0|[1-9][0-9]{0,30})(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        tuple("-+.0123456789"),
    ),
)
"""Plain words of a YAML file that are no text: tag, pattern, first letters."""


def _settings_loader() -> Any:
    """A loader of settings, as `yaml_text` says."""
    global _loader
    if _loader is None:
        _loader = _make_loader()
    return _loader


_loader: Any = None


def _make_loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """PyYAML's safe loader without aliases, tags, dates, octal and sexagesimal numbers."""

        yaml_implicit_resolvers: Any = {}  # noqa: RUF012 - PyYAML's name for a table of each class
        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise yaml.composer.ComposerError(
                    None, None, "anchors and aliases are not taken", event.start_mark
                )
            if getattr(event, "tag", None):
                raise yaml.composer.ComposerError(None, None, "tags are not taken", event.start_mark)
            self.depth += 1
            if self.depth > MOST_DEPTH:
                raise yaml.composer.ComposerError(None, None, "nested too deeply", event.start_mark)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen = set()
            for key, _ in node.value:
                if key.tag != "tag:yaml.org,2002:str":
                    raise yaml.constructor.ConstructorError(None, None, "a key is no text", key.start_mark)
                if key.value in seen:
                    said = f"the key {key.value!r} is given twice"
                    raise yaml.constructor.ConstructorError(None, None, said, key.start_mark)
                seen.add(key.value)
            found: dict[Any, Any] = super().construct_mapping(node, deep)
            return found

    for tag, pattern, first in PLAIN:
        # PyYAML looks at the text from its start; the end has to be said
        Loader.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), list(first))
    return Loader


def settings_text(settings: Any) -> str:
    """Settings as a YAML text that `yaml_text` reads back as they are, and every other reader of YAML too.

    A text that a reader of YAML 1.1 or 1.2 takes for something else (``1e3``, ``0100``, ``yes``) is quoted.
    """
    import yaml

    global _dumper
    if _dumper is None:

        class Dumper(yaml.SafeDumper):
            """PyYAML's safe dumper without aliases, and with our own plain words among its own."""

            def ignore_aliases(self, data: Any) -> bool:
                return True

        for tag, pattern, first in PLAIN:
            Dumper.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), list(first))
        _dumper = Dumper
    text: str = yaml.dump(settings, Dumper=_dumper, sort_keys=False, allow_unicode=True)
    return text


_dumper: Any = None


def parquet_table(
    path: Path, read: Callable[..., Any] | None = None, mend: str = CLEAN_UP, **settings: Any
) -> pa.Table:
    """What `read` (pyarrow's ``read_table``) finds in a Parquet file, the checksums of its pages checked.

    Raises FileNotFoundError if there is no file, UserError for a damaged one.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        if not os.path.lexists(path):
            raise FileNotFoundError(path)
        raise UserError(f"{shown(path)} is no ordinary file; {mend}")
    checks = {"page_checksum_verification": True} if read is None else {}
    try:
        found = (read or pq.read_table)(path, **checks, **settings)
        schema = found.schema if hasattr(found, "schema") else found
        _ = schema.names, schema.metadata  # decoded here, where a damaged one is told
        return found
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError) as error:
        raise UserError(f"{shown(path)} is damaged ({shown(error)}); {mend}") from None
