"""Finished runs on disk: one shard for each batch, so that a stopped command can resume.

A shard is a Parquet file with one row for each run, named after a hash of its runs. It is written atomically.
Each row carries a SHA-256 of its content, which is checked at every reading, so a damaged or edited row is
found. A run that occurs in several shards (after a copy or a stopped `compact`) counts once.
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
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from woc_sim.ensemble.column_metadata import arrow_table
from woc_sim.ensemble.folders import LOCK, PLAN, SHARDS, refuse_links
from woc_sim.ensemble.life_tables import lives_from_json, lives_to_json
from woc_sim.ensemble.run import Array, LocalityRows, yearly
from woc_sim.ensemble.tasks import Failure, Outcome, StoredKey, parse_key
from woc_sim.errors import UserError, writing_into
from woc_sim.files import PART, atomic_write, unwritable
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES, READINGS
from woc_sim.records import parquet_table, shown
from woc_sim.scenario.identity import model_hash

SHARD_SUFFIX: Final = ".parquet"
if TYPE_CHECKING:
    import pandas as pd

FAILED: Final = "failed"
"""Sub-folder for the shards of failures."""
MAX_ATTEMPTS: Final = 20
"""How often reading is tried again while shards change."""
T = TypeVar("T")
RERUN_ADVICE: Final = "delete it; the same command repeats its runs"

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
"""One row for each run. ``cases`` and ``lives`` have one entry for each locality; ``readings`` and
``indicators`` (one row for each month or year) are concatenated over localities.
"""

FAILURES: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("key", "stage", "kind", "message", "trace")),
        ("seconds", pa.float64()),
        ("model", pa.string()),
        ("digest", pa.string()),
    ]
)


class ShardReader:
    """Reads the shards of the folder `out`. It takes no lock and writes nothing, so it works beside a running
    sweep and in read-only folders.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / SHARDS
        # the name of a shard is a hash of its keys, so the keys of a name never change
        self._keys_by_name: dict[str, list[StoredKey]] = {}

    def read(self, keys: Set[str]) -> dict[str, Outcome]:
        """The finished outcomes among `keys`, by key.

        Raises UserError for a damaged shard and for a run that is stored twice with different numbers.
        """
        wanted: dict[str, list[StoredKey]] = {}
        for key in keys:
            stored = parse_key(key)
            wanted.setdefault(stored.run_id, []).append(stored)
        return self._with_retries(lambda: self._read(wanted))

    def _read(self, wanted: dict[str, list[StoredKey]]) -> dict[str, Outcome]:
        best: dict[str, tuple[StoredKey, Outcome]] = {}
        for path in self._files():
            if not any(
                stored.covers(wanted_key)
                for stored in self._stored_keys(path)
                for wanted_key in wanted.get(stored.run_id, ())
            ):
                continue
            for stored, outcome in self._outcomes(path):
                for wanted_key in wanted.get(stored.run_id, ()):
                    if not stored.covers(wanted_key):
                        continue
                    key = wanted_key.text
                    if key in best:
                        self._refuse_conflict(best[key][1], outcome, path)
                        if not _is_closer(stored, best[key][0], wanted_key):
                            continue
                    best[key] = stored, outcome
        return {key: _reduced(parse_key(key), stored, outcome) for key, (stored, outcome) in best.items()}

    def failures(self, keys: Set[str] | None = None) -> dict[str, Failure]:
        """The failures among `keys`, or all of them."""
        return self._with_retries(lambda: self._failures(keys))

    def _failures(self, keys: Set[str] | None) -> dict[str, Failure]:
        table: dict[str, Failure] = {}
        for path in self._files(FAILED):
            for row in self._checked(path, FAILURES).to_pylist():
                digest, model = row.pop("digest"), row.pop("model")
                failure = Failure(**row)
                if digest != _digest_of_failure(failure, model):
                    raise _damaged(path, "a row was changed")
                if keys is None or failure.key in keys:
                    table[failure.key] = failure
        return table

    def models(self) -> set[str]:
        """Versions of the model (`model_hash`) of the finished runs."""
        return self._with_retries(
            lambda: {
                str(model)
                for path in self._files()
                for model in self._table(path, RUNS, ["model"]).column("model").to_pylist()
            }
        )

    def _with_retries(self, read: Callable[[], T]) -> T:
        """Read all shards; start again if `compact` removes one meanwhile."""
        for _ in range(MAX_ATTEMPTS):
            with suppress(FileNotFoundError):
                return read()
        raise UserError(f"the shards in {shown(self.out)} keep changing; try again later")

    def _files(self, below: str = "") -> list[Path]:
        """The shards in the order of their names. Raises UserError if the folder is a link."""
        folder = self.folder / below
        if folder.is_symlink() or self.folder.is_symlink():
            raise UserError(f"{shown(folder)} is a link to another folder; copy the sweep to read it")
        return sorted(path for path in folder.glob(f"*{SHARD_SUFFIX}"))

    def _stored_keys(self, path: Path) -> list[StoredKey]:
        """The keys of a shard, read from disk once."""
        if path.name not in self._keys_by_name:
            self._keys_by_name[path.name] = [parse_key(key) for key in self._keys(path)]
        return self._keys_by_name[path.name]

    def _keys(self, path: Path) -> list[str]:
        return [str(key) for key in self._table(path, RUNS, ["key"]).column("key").to_pylist()]

    def _table(self, path: Path, schema: pa.Schema, columns: list[str] | None = None) -> pa.Table:
        """Columns of a shard. Raises FileNotFoundError if `compact` removed it meanwhile."""
        table = parquet_table(path, None, RERUN_ADVICE, columns=columns, partitioning=None)
        wanted = [schema.field(name) for name in columns or schema.names]
        if [(field.name, field.type) for field in table.schema] != [
            (wanted_key.name, wanted_key.type) for wanted_key in wanted
        ]:
            raise _damaged(path, "its columns do not belong to this version")
        if any(column.null_count for column in table.columns):
            raise _damaged(path, "a value is missing")
        return table

    def _checked(self, path: Path, schema: pa.Schema) -> pa.Table:
        """A shard whose name matches its rows."""
        table = self._table(path, schema)
        if table.num_rows and path.name != _name(table.column("key").to_pylist()):
            raise _damaged(path, "its rows do not match its name")
        return table

    def _outcomes(self, path: Path) -> Iterator[tuple[StoredKey, Outcome]]:
        shard = self._checked(path, RUNS)
        plain_columns = ("key", "seconds", "model", "replicate", "cases", "lives", "digest")
        columns = [shard.column(name).to_pylist() for name in plain_columns]
        numbers = [_arrays(shard.column(name)) for name in ("readings", "indicators")]
        for key, seconds, model, replicate, cases, lives, digest, readings, indicators in zip(
            *columns, *numbers, strict=True
        ):
            if digest != _digest(key, seconds, model, replicate, cases, lives, readings, indicators):
                raise _damaged(path, f"run {shown(key)} was changed")
            locality_count = len(cases)
            if len(readings) != locality_count * len(READING_NAMES) or len(indicators) % max(
                locality_count * len(INDICATOR_NAMES), 1
            ):
                raise UserError(
                    f"{shown(path)} was made by a version of the model with other readings; choose another "
                    "folder"
                )
            rows = tuple(
                LocalityRows(
                    case,
                    replicate,
                    own_readings,
                    own_indicators.reshape(-1, len(INDICATOR_NAMES)),
                    lives_from_json(lives_text),
                )
                for case, own_readings, own_indicators, lives_text in zip(
                    cases,
                    np.split(readings, locality_count),
                    np.split(indicators, locality_count),
                    lives,
                    strict=True,
                )
            )
            yield parse_key(key), Outcome(key, rows, seconds, model)

    def _refuse_conflict(self, stored: Outcome, other: Outcome, path: Path) -> None:
        both = _held_by(parse_key(stored.key).instruments) & _held_by(parse_key(other.key).instruments)
        is_same = [row.readings[both].tobytes() for row in stored.rows] == [
            row.readings[both].tobytes() for row in other.rows
        ]
        if not is_same:
            raise UserError(
                f"{shown(path)} holds run {parse_key(stored.key).run_id} with other numbers than "
                "another shard "
                f"(versions {stored.model}, {other.model}); delete the wrong one; "
                "the same command then resumes"
            )


class Store(ShardReader):
    """A store for writing; a context manager that locks the folder, so that there is only one writer.

    Raises UserError if another process holds the lock, if the folder cannot be written or locked, or if a
    shard comes from other sources of the model, unless `mix` allows that (False: the sentence names mix=true;
    None: it does not).
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
                for unfinished in folder.glob(f".*{PART}"):
                    unfinished.unlink(missing_ok=True)  # left by a killed command
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
        for model in sorted(self.models() - {model_hash()}):
            raise UserError(
                f"out={shown(self.out)} holds runs of another version of the model "
                f"({shown(model) or 'unknown'}, this is {model_hash()}); choose another folder or delete it"
                + (", or add mix=true" if self.mix is False else "")
            )

    def add(self, batch: Sequence[Outcome]) -> None:
        """Store a finished batch. After the return it survives a crash of the machine."""
        rows = [_row(each) for each in batch]
        if rows:
            self._write("", {name: [row[name] for row in rows] for name in RUNS.names}, RUNS)

    def add_failures(self, batch: Sequence[Failure]) -> None:
        """Store failures with their causes."""
        rows = [
            {name: getattr(each, name) for name in Failure.__dataclass_fields__}
            | {"model": model_hash(), "digest": _digest_of_failure(each, model_hash())}
            for each in batch
        ]
        if rows:
            self._write(FAILED, {name: [row[name] for row in rows] for name in FAILURES.names}, FAILURES)

    def forget_failures(self) -> int:
        """Delete all failures, so that their runs are repeated; returns their number."""
        count = len(self.failures())
        for path in self._files(FAILED):
            path.unlink()
        return count

    def compact(self) -> int:
        """Join all shards into one, and likewise those of failures; returns how many there were.

        The new shard is written before the old ones are deleted. A run that is in both meanwhile counts once.
        """
        count_before = 0
        for subfolder, schema in (("", RUNS), (FAILED, FAILURES)):
            paths = self._files(subfolder)
            count_before += len(paths)
            if len(paths) < 2:
                continue
            if subfolder:
                self.failures()
            else:
                self.read({key for path in paths for key in self._keys(path)})  # checks every row
            rows: dict[str, int] = {}
            table = pa.concat_tables([self._checked(path, schema) for path in paths])
            for index, key in enumerate(table.column("key").to_pylist()):
                rows.setdefault(key, index)
            table = table.take(pa.array(rows.values()))
            new = self._write(subfolder, {name: table.column(name) for name in schema.names}, schema)
            for path in paths:
                if path != new:
                    path.unlink()
        return count_before

    def _write(self, subfolder: str, columns: dict[str, Any], schema: pa.Schema) -> Path:
        folder = self.folder / subfolder
        with writing_into(self.out):
            folder.mkdir(exist_ok=True)
        keys = columns["key"]
        path = folder / _name(keys if isinstance(keys, list) else keys.to_pylist())
        write_parquet(path, pa.table(columns, schema=schema))
        return path


def lock_folder(out: Path) -> Any:
    """The lock of the folder `out`, acquired; ``release`` frees it. Raises UserError like `Store`."""
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
            f"out={shown(out)} cannot be locked ({shown(reason)}); some network folders have no locks: use "
            "a folder on a local disk and copy it afterwards"
        ) from None
    return lock


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a Parquet file with page checksums atomically. Raises UserError if the system refuses."""
    with atomic_write(path) as part:
        pq.write_table(table, part, compression="zstd", write_page_checksum=True)


def write_frame(path: Path, table: pd.DataFrame) -> None:
    """Write a data frame as Parquet with units and meanings of its columns, like `write_parquet`."""
    write_parquet(path, arrow_table(table))


def _held_by(instruments: tuple[str, ...]) -> Array:
    """Which readings the instruments hold; all of them for none."""
    return np.array([not instruments or each.instrument in instruments for each in READINGS])


def _is_closer(first: StoredKey, second: StoredKey, wanted: StoredKey) -> bool:
    """Whether key `first` is closer to the wanted one than `second`, when both cover it."""
    return first == wanted and second != wanted


def _reduced(wanted: StoredKey, stored: StoredKey, outcome: Outcome) -> Outcome:
    """The wanted part of a stored outcome."""
    rows = outcome.rows
    if wanted.period != stored.period:
        rows = tuple(replace(row, indicators=yearly(row.indicators)) for row in rows)
    if wanted.lives != stored.lives:
        rows = tuple(replace(row, lives=()) for row in rows)
    if wanted.instruments != stored.instruments:
        asked = _held_by(wanted.instruments)
        rows = tuple(replace(row, readings=np.where(asked, row.readings, np.nan)) for row in rows)
    return Outcome(wanted.text, rows, outcome.seconds, outcome.model)


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
    """SHA-256 of the content of a row of `RUNS`."""
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
    """The name of a shard with these keys."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16] + SHARD_SUFFIX


def _damaged(path: Path, what: str) -> UserError:
    return UserError(f"{shown(path)} is damaged ({what}); {RERUN_ADVICE}")


def _arrays(column: Any) -> list[Array]:
    """The cells of a list column as arrays."""
    joined = column.combine_chunks()
    values = joined.flatten().to_numpy(zero_copy_only=False)
    ends = np.cumsum(joined.value_lengths().to_numpy(zero_copy_only=False))
    return np.split(values, ends[:-1]) if len(ends) else []


@contextmanager
def open_store(out: Path, mix: bool | None = None) -> Iterator[Store]:
    """The store of an output folder, for writing."""
    with Store(out, mix) as store:
        yield store
