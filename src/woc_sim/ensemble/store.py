"""Finished runs on disk: one shard a batch, so that the same command goes on where it was stopped.

A shard is a Parquet file named after a hash of the runs in it, with a row a locality. It is written under
a temporary name, synchronised and renamed, so a shard is whole or not there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from woc_sim.ensemble.design import Failure, Outcome
from woc_sim.ensemble.lives import as_text, from_text
from woc_sim.ensemble.run import Array, Rows
from woc_sim.errors import UserError, written
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.identity import model_hash

SHARD: Final = ".parquet"
FAILED: Final = "failed"
"""Sub-folder of the shards of failures."""


class Store:
    """The shards in `folder`; a context manager that holds the folder's lock, because two writers would mix
    their work.

    Raises UserError if another process holds it, if it cannot be written, or if a shard in it comes from
    other model sources, unless `mix` allows that (False: the error says how to; None: it does not).
    """

    def __init__(self, folder: Path, mix: bool | None = None) -> None:
        self.folder = folder
        self.mix = mix
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        with written(self.folder.parent):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise UserError(f"out={self.folder.parent} is being written by another process") from None
        self._lock = lock
        for left in self.folder.glob("*.tmp"):
            left.unlink()
        try:
            self._refuse_other_models()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _shards(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{SHARD}"))

    def _refuse_other_models(self) -> None:
        if self.mix:
            return
        for path in self._shards():
            found = _model(path)
            if found != model_hash():
                raise UserError(
                    f"out={self.folder.parent} holds runs of another version of the model "
                    f"({found or 'unknown'}, this is {model_hash()}); choose another folder or delete it"
                    + (", or say mix=true" if self.mix is False else "")
                )

    def add(self, batch: Sequence[Outcome]) -> None:
        """Keep a finished batch: after this returns it survives a crash of the machine."""
        if not batch:
            return
        name = hashlib.sha256("\n".join(each.key for each in batch).encode()).hexdigest()[:16]
        rows = [(each, row) for each in batch for row in each.rows]
        columns = {
            "key": pa.array([each.key for each, _ in rows]),
            "case": pa.array([row.case for _, row in rows]),
            "replicate": pa.array([row.replicate for _, row in rows]),
            "seconds": pa.array([each.seconds for each, _ in rows]),
            "readings": _lists([row.readings for _, row in rows]),
            "indicators": _lists([row.indicators.ravel() for _, row in rows]),
            "lives": pa.array([as_text(row.lives) for _, row in rows]),
        }
        self._write(f"{name}{SHARD}", columns)

    def add_failures(self, batch: Sequence[Failure]) -> None:
        """Keep what failed, with its causes."""
        if not batch:
            return
        (self.folder / FAILED).mkdir(exist_ok=True)
        name = hashlib.sha256("\n".join(each.key for each in batch).encode()).hexdigest()[:16]
        fields = Failure.__dataclass_fields__
        columns = {field: pa.array([getattr(each, field) for each in batch]) for field in fields}
        self._write(f"{FAILED}/{name}{SHARD}", columns)

    def failures(self, keys: Set[str] | None = None) -> dict[str, Failure]:
        """The failures among `keys`, or all."""
        found: dict[str, Failure] = {}
        for path in sorted((self.folder / FAILED).glob(f"*{SHARD}")):
            for row in _sound(pq.read_table, path).to_pylist():
                if keys is None or row["key"] in keys:
                    found[row["key"]] = Failure(**row)
        return found

    def forget_failures(self) -> int:
        """Drop all failures, so that they are run again; how many they were."""
        number = len(self.failures())
        for path in (self.folder / FAILED).glob(f"*{SHARD}"):
            path.unlink()
        return number

    def compact(self) -> int:
        """Join all shards of a version of the model into one, and those of failures; how many there were.

        A new one is there before the old ones go."""
        groups: dict[tuple[str, str], list[Path]] = {}
        for path in self._shards():
            groups.setdefault(("", _model(path)), []).append(path)
        for path in sorted((self.folder / FAILED).glob(f"*{SHARD}")):
            groups.setdefault((f"{FAILED}/", _model(path)), []).append(path)
        for (place, model), shards in groups.items():
            if len(shards) < 2:
                continue
            whole = pa.concat_tables([_sound(pq.read_table, path) for path in shards])
            keys = sorted(set(whole.column("key").to_pylist()))
            name = hashlib.sha256("\n".join([model, *keys]).encode()).hexdigest()[:16]
            columns = {field: whole.column(field) for field in whole.column_names}
            self._write(f"{place}{name}{SHARD}", columns, model)
            for path in shards:
                if path.name != f"{name}{SHARD}":
                    path.unlink()
        return sum(map(len, groups.values()))

    def models(self) -> dict[str, str]:
        """Version of the model (`model_hash`) that each finished run was made with."""
        return {
            key: _model(path)
            for path in self._shards()
            for key in _sound(pq.read_table, path, columns=["key"]).column("key").to_pylist()
        }

    def _write(self, name: str, columns: dict[str, Any], model: str = "") -> None:
        table = pa.table(columns).replace_schema_metadata({"model_hash": model or model_hash()})
        write_whole(self.folder / name, table, self.folder.parent)

    def read(self, keys: Set[str]) -> dict[str, Outcome]:
        """The outcomes of those of `keys` that are finished; shards without any of them are not read
        further."""
        found: dict[str, Outcome] = {}
        for path in self._shards():
            held = _sound(pq.read_table, path, columns=["key"]).column("key").to_pylist()
            if keys.isdisjoint(held):
                continue
            found.update((each.key, each) for each in self._outcomes(path) if each.key in keys)
        return found

    def _outcomes(self, path: Path) -> Iterator[Outcome]:
        shard = _sound(pq.read_table, path)
        names = ("key", "case", "replicate", "seconds", "lives")
        columns = {name: shard.column(name).to_pylist() for name in names}
        readings, indicators = (_arrays(shard.column(name)) for name in ("readings", "indicators"))
        collected: dict[str, tuple[float, list[Rows]]] = {}
        for place, key in enumerate(columns["key"]):
            periods = indicators[place].reshape(-1, len(INDICATOR_NAMES))
            lives = from_text(columns["lives"][place])
            row = Rows(columns["case"][place], columns["replicate"][place], readings[place], periods, lives)
            collected.setdefault(key, (columns["seconds"][place], []))[1].append(row)
        for key, (seconds, rows) in collected.items():
            yield Outcome(key, tuple(rows), seconds)


def write_whole(path: Path, table: pa.Table, out: Path) -> None:
    """A Parquet file that is whole, on the disk and under its name when this returns, or not there.

    Raises UserError about the folder `out` if the system refuses.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    with written(out):
        try:
            with temporary.open("wb") as file:
                pq.write_table(table, file, compression="zstd")
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _sound(read: Any, path: Path, **settings: Any) -> Any:
    """What `read` finds in a Parquet file; UserError if the file is damaged."""
    try:
        return read(path, **settings)
    except (pa.ArrowInvalid, OSError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(
            f"{path} is damaged ({said}); delete it, and the same command runs again what was in it"
        ) from None


def _model(path: Path) -> str:
    """Version of the model that a shard says it comes from."""
    return str((_sound(pq.read_schema, path).metadata or {}).get(b"model_hash", b"").decode())


def _lists(arrays: Sequence[Array]) -> pa.ListArray:
    """A column whose cells are the arrays."""
    ends = np.cumsum([0, *(len(each) for each in arrays)])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(np.concatenate(arrays)))


def _arrays(column: Any) -> list[Array]:
    """The cells of a column of lists as arrays."""
    whole = column.combine_chunks()
    values, ends = whole.flatten().to_numpy(zero_copy_only=False), np.cumsum(whole.value_lengths().to_numpy())
    return np.split(values, ends[:-1])


@contextmanager
def open_store(out: Path, mix: bool | None = None) -> Iterator[Store]:
    """The store of an output folder, in its sub-folder ``shards``."""
    with Store(out / "shards", mix) as store:
        yield store
