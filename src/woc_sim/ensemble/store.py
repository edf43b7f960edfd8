"""Finished runs on disk: one shard a batch, so that the same command goes on where it was stopped.

A shard is a Parquet file with a row a run, named after a hash of the runs in it. It is written under a
temporary name, synchronised and renamed, so a shard is whole or not there. Each row carries a SHA-256 of
what it says, which is compared whenever it is read: a damaged or edited row is found. A run that stands in
several shards (a copy, a stopped `compact`) is one run.
"""

from __future__ import annotations

import errno
import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from woc_sim.ensemble.column_metadata import arrow_table
from woc_sim.ensemble.folders import LOCK, PLAN, SHARDS, refuse_links
from woc_sim.ensemble.life_tables import lives_from_json, lives_to_json
from woc_sim.ensemble.run import Array, Rows, yearly
from woc_sim.ensemble.tasks import Failure, Outcome
from woc_sim.errors import UserError, writing_into
from woc_sim.files import PART, atomic_write, unwritable
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.records import parquet_table, shown
from woc_sim.scenario.identity import model_hash

SHARD_SUFFIX: Final = ".parquet"
if TYPE_CHECKING:
    import pandas as pd

FAILED: Final = "failed"
"""Sub-folder of the shards of failures."""
MAX_ATTEMPTS: Final = 20
"""How often reading is begun again."""
T = TypeVar("T")
RERUN_ADVICE: Final = "delete it, and the same command runs again what was in it"

RUNS: Final = pa.schema(
    [
        ("key", pa.string()),
        ("seconds", pa.float64()),
        ("model", pa.string()),
        ("replicate", pa.int32()),
        ("cases", pa.list_(pa.string())),
        ("readings", pa.list_(pa.float64())),
        ("indicators", pa.list_(pa.float64())),
        ("lives", pa.list_(pa.string())),
        ("digest", pa.string()),
    ]
)
"""A row a run. ``cases`` and ``lives`` have an entry a locality; ``readings`` and ``indicators`` (a row a
month or year) follow one another locality by locality."""

FAILURES: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("key", "stage", "kind", "message", "trace")),
        ("seconds", pa.float64()),
        ("model", pa.string()),
        ("digest", pa.string()),
    ]
)


class StoredKey(NamedTuple):
    """What is kept of a run: its run_id, 'month' or 'year', and how many life stories of each locality."""

    run_id: str
    period: str
    lives: int

    def answers(self, wanted: StoredKey) -> bool:
        """Whether what is asked for can be made of this: years of months, no stories of any."""
        return (
            self.run_id == wanted.run_id
            and (self.period == wanted.period or self.period == "month")
            and (self.lives == wanted.lives or not wanted.lives)
        )


def parse_key(key: str) -> StoredKey:
    """A task's key (`Task.key`) in its parts."""
    run_id, _, rest = key.partition("-")
    period, _, lives = rest.partition("-")
    return StoredKey(run_id, period, int(lives or 0))


class ShardReader:
    """The shards of the folder `out`, to be read. Takes no lock and writes nothing, so that it works beside
    a running sweep and on what may only be read."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / SHARDS

    def read(self, keys: Set[str]) -> dict[str, Outcome]:
        """The outcomes of those of `keys` that are finished, by key.

        Raises UserError for a damaged shard and for a run that stands twice with different numbers."""
        wanted: dict[str, list[StoredKey]] = {}
        for key in keys:
            one = parse_key(key)
            wanted.setdefault(one.run_id, []).append(one)
        return self._steadily(lambda: self._read(wanted))

    def _read(self, wanted: dict[str, list[StoredKey]]) -> dict[str, Outcome]:
        best: dict[str, tuple[StoredKey, Outcome]] = {}
        for path in self._files():
            held = [parse_key(key) for key in self._keys(path)]
            if not any(one.answers(each) for one in held for each in wanted.get(one.run_id, ())):
                continue
            for one, outcome in self._outcomes(path):
                for each in wanted.get(one.run_id, ()):
                    if not one.answers(each):
                        continue
                    key = _key(each)
                    if key in best:
                        self._refuse_another(best[key][1], outcome, path)
                        if not _is_closer(one, best[key][0], each):
                            continue
                    best[key] = one, outcome
        return {key: _reduced(parse_key(key), one, outcome) for key, (one, outcome) in best.items()}

    def failures(self, keys: Set[str] | None = None) -> dict[str, Failure]:
        """The failures among `keys`, or all."""
        return self._steadily(lambda: self._failures(keys))

    def _failures(self, keys: Set[str] | None) -> dict[str, Failure]:
        found: dict[str, Failure] = {}
        for path in self._files(FAILED):
            for row in self._checked(path, FAILURES).to_pylist():
                digest, model = row.pop("digest"), row.pop("model")
                failure = Failure(**row)
                if digest != _digest_of_failure(failure, model):
                    raise _damaged(path, "a row is not what was stored")
                if keys is None or failure.key in keys:
                    found[failure.key] = failure
        return found

    def models(self) -> set[str]:
        """Versions of the model (`model_hash`) that finished runs were made with."""
        return self._steadily(
            lambda: {
                str(model)
                for path in self._files()
                for model in self._table(path, RUNS, ["model"]).column("model").to_pylist()
            }
        )

    def _steadily(self, read: Callable[[], T]) -> T:
        """What is read of all shards; begun again when `compact` takes one away meanwhile."""
        for _ in range(MAX_ATTEMPTS):
            with suppress(FileNotFoundError):
                return read()
        raise UserError(f"the shards in {shown(self.out)} change all the time; ask again later")

    def _files(self, below: str = "") -> list[Path]:
        """The shards, in the order of their names. A folder that is a link is not entered."""
        folder = self.folder / below
        if folder.is_symlink() or self.folder.is_symlink():
            raise UserError(f"{shown(folder)} is a link to another folder; copy the sweep to read it")
        return sorted(path for path in folder.glob(f"*{SHARD_SUFFIX}"))

    def _keys(self, path: Path) -> list[str]:
        return [str(key) for key in self._table(path, RUNS, ["key"]).column("key").to_pylist()]

    def _table(self, path: Path, schema: pa.Schema, columns: list[str] | None = None) -> pa.Table:
        """The columns of a shard; raises FileNotFoundError if `compact` took it away meanwhile."""
        found = parquet_table(path, None, RERUN_ADVICE, columns=columns, partitioning=None)
        wanted = [schema.field(name) for name in columns or schema.names]
        if [(field.name, field.type) for field in found.schema] != [
            (each.name, each.type) for each in wanted
        ]:
            raise _damaged(path, "its columns are not those of a shard of this version")
        if any(column.null_count for column in found.columns):
            raise _damaged(path, "a value is missing")
        return found

    def _checked(self, path: Path, schema: pa.Schema) -> pa.Table:
        """A shard whose name is that of its rows."""
        found = self._table(path, schema)
        if found.num_rows and path.name != _name(found.column("key").to_pylist()):
            raise _damaged(path, "its rows are not those of its name")
        return found

    def _outcomes(self, path: Path) -> Iterator[tuple[StoredKey, Outcome]]:
        shard = self._checked(path, RUNS)
        plain = ("key", "seconds", "model", "replicate", "cases", "lives", "digest")
        columns = [shard.column(name).to_pylist() for name in plain]
        numbers = [_arrays(shard.column(name)) for name in ("readings", "indicators")]
        for key, seconds, model, replicate, cases, lives, digest, readings, indicators in zip(
            *columns, *numbers, strict=True
        ):
            if digest != _digest(key, seconds, model, replicate, cases, lives, readings, indicators):
                raise _damaged(path, f"run {shown(key)} is not what was stored")
            many = len(cases)
            if len(readings) != many * len(READING_NAMES) or len(indicators) % max(
                many * len(INDICATOR_NAMES), 1
            ):
                raise UserError(
                    f"{shown(path)} was made by a version of the model with other readings; choose another "
                    "folder"
                )
            rows = tuple(
                Rows(case, replicate, own, course.reshape(-1, len(INDICATOR_NAMES)), lives_from_json(told))
                for case, own, course, told in zip(
                    cases, np.split(readings, many), np.split(indicators, many), lives, strict=True
                )
            )
            yield parse_key(key), Outcome(key, rows, seconds, model)

    def _refuse_another(self, one: Outcome, other: Outcome, path: Path) -> None:
        same = [row.readings.tobytes() for row in one.rows] == [row.readings.tobytes() for row in other.rows]
        if not same:
            raise UserError(
                f"{shown(path)} holds run {parse_key(one.key).run_id} with other numbers than another shard "
                f"(versions {one.model}, {other.model}); delete the wrong one, and the same command goes on"
            )


class Store(ShardReader):
    """A store to be added to; a context manager that holds the folder's lock, because two writers would mix
    their work.

    Raises UserError if another process holds it, if the folder cannot be written or locked, or if a shard in
    it comes from other model sources, unless `mix` allows that (False: the error says how to; None: it does
    not).
    """

    def __init__(self, out: Path, mix: bool | None = None) -> None:
        super().__init__(out)
        self.mix = mix
        self._lock: Any = None

    def __enter__(self) -> Self:
        refuse_links(self.out)
        with writing_into(self.out):
            self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = lock_folder(self.out)
        try:
            for folder in (self.out, self.out / PLAN, self.folder, self.folder / FAILED):
                for left in folder.glob(f".*{PART}"):
                    left.unlink(missing_ok=True)  # of a command that was killed
            self._refuse_other_models()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _refuse_other_models(self) -> None:
        if self.mix:
            return
        for found in sorted(self.models() - {model_hash()}):
            raise UserError(
                f"out={shown(self.out)} holds runs of another version of the model "
                f"({shown(found) or 'unknown'}, this is {model_hash()}); choose another folder or delete it"
                + (", or say mix=true" if self.mix is False else "")
            )

    def add(self, batch: Sequence[Outcome]) -> None:
        """Keep a finished batch: after this returns it survives a crash of the machine."""
        rows = [_row(each) for each in batch]
        if rows:
            self._write("", {name: [row[name] for row in rows] for name in RUNS.names}, RUNS)

    def add_failures(self, batch: Sequence[Failure]) -> None:
        """Keep what failed, with its causes."""
        rows = [
            {name: getattr(each, name) for name in Failure.__dataclass_fields__}
            | {"model": model_hash(), "digest": _digest_of_failure(each, model_hash())}
            for each in batch
        ]
        if rows:
            self._write(FAILED, {name: [row[name] for row in rows] for name in FAILURES.names}, FAILURES)

    def forget_failures(self) -> int:
        """Drop all failures, so that they are run again; how many they were."""
        number = len(self.failures())
        for path in self._files(FAILED):
            path.unlink()
        return number

    def compact(self) -> int:
        """Join all shards into one, and those of failures; how many there were.

        The new one is there before the old ones go; a run that stands in both meanwhile is one run."""
        before = 0
        for below, schema in (("", RUNS), (FAILED, FAILURES)):
            paths = self._files(below)
            before += len(paths)
            if len(paths) < 2:
                continue
            if below:
                self.failures()
            else:
                self.read({key for path in paths for key in self._keys(path)})  # every row is looked at
            rows: dict[str, int] = {}
            table = pa.concat_tables([self._checked(path, schema) for path in paths])
            for place, key in enumerate(table.column("key").to_pylist()):
                rows.setdefault(key, place)
            table = table.take(pa.array(rows.values()))
            new = self._write(below, {name: table.column(name) for name in schema.names}, schema)
            for path in paths:
                if path != new:
                    path.unlink()
        return before

    def _write(self, below: str, columns: dict[str, Any], schema: pa.Schema) -> Path:
        folder = self.folder / below
        with writing_into(self.out):
            folder.mkdir(exist_ok=True)
        keys = columns["key"]
        path = folder / _name(keys if isinstance(keys, list) else keys.to_pylist())
        write_parquet(path, pa.table(columns, schema=schema))
        return path


def lock_folder(out: Path) -> Any:
    """The lock of the folder `out`, held; ``release`` gives it back. Raises UserError as `Store` says."""
    from filelock import FileLock, Timeout

    lock = FileLock(out / LOCK, timeout=0, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise UserError(f"out={shown(out)} is being written by another process") from None
    except (OSError, NotImplementedError) as error:
        if getattr(error, "errno", None) in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC):
            raise unwritable(out / LOCK, error) from None  # type: ignore[arg-type]
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UserError(
            f"out={shown(out)} cannot be locked ({shown(reason)}); some network folders have no locks: take "
            "a folder on a local disk and copy it afterwards"
        ) from None
    return lock


def write_parquet(path: Path, table: pa.Table) -> None:
    """A Parquet file with checksums of its pages that is whole, on the disk and under its name when this
    returns, or not there. Raises UserError if the system refuses."""
    with atomic_write(path) as part:
        pq.write_table(table, part, compression="zstd", write_page_checksum=True)


def write_frame(path: Path, table: pd.DataFrame) -> None:
    """A data frame as Parquet with units and meanings of its columns, as `write_parquet` writes it."""
    write_parquet(path, arrow_table(table))


def _key(one: StoredKey) -> str:
    return f"{one.run_id}-{one.period}{f'-{one.lives}' if one.lives else ''}"


def _is_closer(one: StoredKey, other: StoredKey, wanted: StoredKey) -> bool:
    """Whether `one` is nearer to what is wanted, where both answer it."""
    return one == wanted and other != wanted


def _reduced(wanted: StoredKey, held: StoredKey, outcome: Outcome) -> Outcome:
    """What was asked for, made of what is held."""
    rows = outcome.rows
    if wanted.period != held.period:
        rows = tuple(replace(row, indicators=yearly(row.indicators)) for row in rows)
    if wanted.lives != held.lives:
        rows = tuple(replace(row, lives=()) for row in rows)
    return Outcome(_key(wanted), rows, outcome.seconds, outcome.model)


def _row(outcome: Outcome) -> dict[str, Any]:
    rows, model = outcome.rows, outcome.model or model_hash()
    cases, lives = [row.case for row in rows], [lives_to_json(row.lives) for row in rows]
    readings, indicators = (
        np.concatenate([np.asarray(getattr(row, name), dtype="<f8").ravel() for row in rows])
        for name in ("readings", "indicators")
    )
    replicate = int(rows[0].replicate)
    digest = _digest(outcome.key, outcome.seconds, model, replicate, cases, lives, readings, indicators)
    return {
        "key": outcome.key,
        "seconds": outcome.seconds,
        "model": model,
        "replicate": replicate,
        "cases": cases,
        "readings": readings,
        "indicators": indicators,
        "lives": lives,
        "digest": digest,
    }


def _digest(
    key: str,
    seconds: float,
    model: str,
    replicate: int,
    cases: Sequence[str],
    lives: Sequence[str],
    readings: Array,
    indicators: Array,
) -> str:
    """SHA-256 of all that a row of `RUNS` says."""
    words = json.dumps([key, model, replicate, list(cases), list(lives)], ensure_ascii=True)
    digest = hashlib.sha256(words.encode())
    digest.update(struct.pack("<dq", seconds, len(readings)))
    for numbers in (readings, indicators):
        digest.update(np.ascontiguousarray(numbers, dtype="<f8").data)
    return digest.hexdigest()


def _digest_of_failure(failure: Failure, model: str) -> str:
    words = [failure.key, failure.stage, failure.kind, failure.message, failure.trace, failure.seconds.hex()]
    return hashlib.sha256(json.dumps([*words, model]).encode()).hexdigest()


def _name(keys: Iterable[str]) -> str:
    """The name of a shard with the runs of these keys."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16] + SHARD_SUFFIX


def _damaged(path: Path, what: str) -> UserError:
    return UserError(f"{shown(path)} is damaged ({what}); {RERUN_ADVICE}")


def _arrays(column: Any) -> list[Array]:
    """The cells of a column of lists as arrays."""
    joined = column.combine_chunks()
    values = joined.flatten().to_numpy(zero_copy_only=False)
    ends = np.cumsum(joined.value_lengths().to_numpy(zero_copy_only=False))
    return np.split(values, ends[:-1]) if len(ends) else []


@contextmanager
def open_store(out: Path, mix: bool | None = None) -> Iterator[Store]:
    """The store of an output folder, to be added to."""
    with Store(out, mix) as store:
        yield store
