"""Readers for files written earlier or received: one strict reader for each format.

A file may be damaged, made by another program, or malicious. Every reader accepts only regular files of a
limited size. Its error names the file, the field, what was expected and what to do.
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

MAX_TEXT_BYTES: Final = 64_000_000
"""Largest text file that is read, in bytes. A manifest of 100,000 points needs a tenth of it."""
MAX_SETTINGS_BYTES: Final = 1_000_000
"""Largest settings file, in bytes."""
MAX_DEPTH: Final = 32
"""Deepest nesting of mappings and lists in a settings file."""
MAX_SHOWN: Final = 80
"""Longest value shown in a sentence, in characters."""
DELETE_ADVICE: Final = "delete it; the same command makes it again"


def shown(text: object) -> str:
    """A text for a sentence: one line, without control characters, at most `MAX_SHOWN` characters.

    >>> shown("a\\x1b[31mb\\n c")
    'a?[31mb c'
    """
    return one_line(str(text), MAX_SHOWN)


def file_bytes(path: Path, advice: str = DELETE_ADVICE, most: int = MAX_TEXT_BYTES) -> bytes:
    """The content of a regular file, or of the regular file that a link leads to.

    Raises FileNotFoundError if there is no file. Raises UserError for a pipe, a device, a folder, a file of
    more than `most` bytes, or one that cannot be read. `advice` ends the sentence.
    """
    try:
        # O_NONBLOCK: opening a pipe would wait for a writer
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise UserError(f"{shown(path)} is not a regular file; {advice}")
            content = file.read(most + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UserError(f"{shown(path)} cannot be read ({shown(reason)}); {advice}") from None
    if len(content) > most:
        raise UserError(f"{shown(path)} is larger than {most / 1e6:g} MB; {advice}")
    return content


def file_sha256(path: Path) -> str:
    """SHA-256 of a regular file of any size, 64 hex digits. Raises as `file_bytes` does."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise UserError(f"{shown(path)} is not a regular file; {DELETE_ADVICE}")
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UserError(
            f"{shown(path)} cannot be read ({error.strerror or error}); {DELETE_ADVICE}"
        ) from None


def json_record(path: Path, kind: type[T], advice: str = DELETE_ADVICE, most: int = MAX_TEXT_BYTES) -> T:
    """A JSON file as a record of type `kind` (any type that msgspec decodes).

    Raises FileNotFoundError if there is no file, UserError if it is no JSON of this form.
    """
    return json_text(file_bytes(path, advice, most), kind, shown(path), advice)


def json_text(content: bytes | str, kind: type[T], source: str, advice: str = DELETE_ADVICE) -> T:
    """A JSON text from `source` as a record of type `kind`. Raises UserError."""
    import msgspec

    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise UserError(f"{source} does not have the expected form ({shown(error)}); {advice}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else shown(error)
        raise UserError(f"{source} is not valid JSON ({problem}); {advice}") from None


def yaml_settings(path: Path, advice: str, most: int = MAX_SETTINGS_BYTES) -> Any:
    """The content of a YAML settings file, read like `yaml_text`.

    Raises FileNotFoundError if there is no file, UserError if it cannot be read.
    """
    return yaml_text(file_bytes(path, advice, most), shown(path), advice)


def yaml_text(content: bytes | str, source: str, advice: str) -> Any:
    """The settings in a YAML text: mappings with text keys, lists, texts, numbers, true, false and null.

    Numbers follow YAML 1.2 and the command line: 0100 and 1:30 are texts. Refused are repeated keys, anchors,
    aliases, tags, and nesting deeper than `MAX_DEPTH`. Raises UserError.
    """
    import yaml

    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return yaml.load(text, Loader=_settings_loader())
    except UnicodeDecodeError:
        raise UserError(f"{source} is not a text file in UTF-8; {advice}") from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
            problem = f"line {error.problem_mark.line + 1}: {shown(error.problem)}"
        else:
            problem = shown(error)
        raise UserError(f"{source} is not valid YAML ({problem}); {advice}") from None


YAML_SCALARS: Final = (
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", tuple("tTfF")),
    ("tag:yaml.org,2002:int", r"[-+]?(0|[1-9][0-9]{0,18})", tuple("-+0123456789")),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(\.[0-9]{1,30}|(0|[1-9][0-9]{0,30})(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        tuple("-+.0123456789"),
    ),
)
"""Unquoted words in YAML that are not texts: tag, pattern, first characters."""


def _settings_loader() -> Any:
    """The YAML loader that `yaml_text` uses; made once."""
    global _loader
    if _loader is None:
        _loader = _make_loader()
    return _loader


_loader: Any = None


def _make_loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """PyYAML's safe loader without aliases, tags, dates, octal and base-60 numbers."""

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
            if self.depth > MAX_DEPTH:
                raise yaml.composer.ComposerError(None, None, "nested too deeply", event.start_mark)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen = set()
            for key, _ in node.value:
                if key.tag != "tag:yaml.org,2002:str":
                    raise yaml.constructor.ConstructorError(None, None, "a key is not a text", key.start_mark)
                if key.value in seen:
                    problem = f"the key {key.value!r} is given twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
            result: dict[Any, Any] = super().construct_mapping(node, deep)
            return result

    for tag, pattern, first in YAML_SCALARS:
        # PyYAML matches from the start of a word; $ makes it match to the end
        Loader.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), list(first))
    return Loader


def settings_text(settings: Any) -> str:
    """Settings as a YAML text. `yaml_text` and other YAML readers get the same settings back.

    A text that some YAML reader takes for a number or a flag (``1e3``, ``0100``, ``yes``) is quoted.
    """
    import yaml

    global _dumper
    if _dumper is None:

        class Dumper(yaml.SafeDumper):
            """PyYAML's safe dumper without aliases; it also quotes texts that match `YAML_SCALARS`."""

            def ignore_aliases(self, data: Any) -> bool:
                return True

        for tag, pattern, first in YAML_SCALARS:
            Dumper.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), list(first))
        _dumper = Dumper
    text: str = yaml.dump(settings, Dumper=_dumper, sort_keys=False, allow_unicode=True)
    return text


_dumper: Any = None


def parquet_table(
    path: Path, read: Callable[..., Any] | None = None, advice: str = DELETE_ADVICE, **settings: Any
) -> pa.Table:
    """Read a Parquet file with `read` (default: pyarrow's ``read_table``) and check its page checksums.

    Raises FileNotFoundError if there is no file, UserError if it is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        if not os.path.lexists(path):
            raise FileNotFoundError(path)
        raise UserError(f"{shown(path)} is not a regular file; {advice}")
    checks = {"page_checksum_verification": True} if read is None else {}
    try:
        result = (read or pq.read_table)(path, **checks, **settings)
        schema = result.schema if hasattr(result, "schema") else result
        _ = schema.names, schema.metadata  # decode now, so that damage is reported here
        if isinstance(result, pa.Table):
            # pandas' own metadata, which our tables lack, would be decoded and followed by `to_pandas`
            result = result.replace_schema_metadata(None)
        return result
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError) as error:
        raise UserError(f"{shown(path)} is damaged ({shown(error)}); {advice}") from None


def parquet_columns(path: Path, form: pa.Schema, advice: str = DELETE_ADVICE) -> pa.Table:
    """The columns of a Parquet file that `form` names, in its order and with its types.

    Raises FileNotFoundError if there is no file, UserError if it is damaged, lacks a column or holds another
    type.
    """
    import pyarrow as pa

    table = parquet_table(path, advice=advice, partitioning=None)
    try:
        return table.select(form.names).cast(form)
    except (KeyError, pa.ArrowException) as error:
        raise UserError(
            f"{shown(path)} does not hold the columns it should ({shown(error)}); {advice}"
        ) from None
