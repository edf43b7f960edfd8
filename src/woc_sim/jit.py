"""Compiling rules and kernels: the only module that imports numba.

A *rule* is a scalar function, written once, that says what one actor does; a *kernel* loops a rule over
columns. Both are compiled by numba and cached on disk. With `NUMBA_DISABLE_JIT=1` they stay plain Python and
give the same bytes, slowly: no fast mathematics and no parallel loops, since either makes results depend on
the processor or on the number of threads.

numba does here what these sources say, whatever its environment and the working folder say, and what it
compiles is kept by `woc_sim.compiled`.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np

from woc_sim.cache import sources_hash
from woc_sim.compiled import Compiled, Compiling, open_folder
from woc_sim.surroundings import unseen

PACKAGE = Path(__file__).parent

# What compiled code can depend on, by call or by constant; rules and kernels live nowhere else (tested).
COMPILED_SOURCES = (
    "jit.py",
    "compiled.py",
    "draws.py",
    "inputs",
    "rules",
    "world",
    "processes",
    "instruments",
)

P = ParamSpec("P")
R = TypeVar("R")

_asked = os.environ.get("NUMBA_DISABLE_JIT", "").strip().casefold() in ("", "0", "false", "no", "off")
_config: Any = sys.modules.get("numba.core.config")  # of a numba that somebody imported before
JIT_ON: bool = _asked and not getattr(_config, "DISABLE_JIT", 0)


def source_key(package: Path, *others: object) -> str:
    """Hash (16 hex digits) of the sources under `package` that compiled code can depend on, and of what else
    it does."""
    return sources_hash(package, COMPILED_SOURCES, (sys.version_info[:2], *others))


def _forget_settings() -> None:
    """Take settings of numba out of the environment, which could slow it down or break it.

    The number of threads, which nothing here depends on, is left to others who use numba.
    """
    for name in [name for name in os.environ if name.startswith("NUMBA_")]:
        value = os.environ[name].strip()
        if name != "NUMBA_NUM_THREADS" or not (value.isdecimal() and int(value)):
            del os.environ[name]


if JIT_ON:
    if _config is None:
        _forget_settings()
        with unseen(".numba_config.yaml"):
            import numba
        numba.core.config._config_fname = os.devnull  # it looks again at every compilation
    else:
        import numba
    import numba.core.compiler
    import numba.core.serialize

    numba_: Any = numba
    COMPILING = Compiling(open_folder(source_key(PACKAGE, numba.__version__, int(numba_.config.OPT))))


def _compile(function: Callable[P, R], inline: str = "never") -> Any:
    """A dispatcher of numba; of a function of this package it is kept on disk, for whose sources the cache
    is named."""
    made = numba_.njit(nogil=True, error_model="numpy", fastmath=False, parallel=False, inline=inline)(
        function
    )
    if Path(function.__code__.co_filename).is_relative_to(PACKAGE):
        core = numba_.core
        made._cache = Compiled(
            function, COMPILING, core.serialize.dumps, core.compiler.CompileResult._rebuild
        )
    return made


def is_complete() -> bool:
    """Whether there is nothing to compile, as far as is known, or nowhere to keep it."""
    return not JIT_ON or COMPILING.is_complete()


def rule(function: Callable[P, R]) -> Callable[P, R]:
    """Mark and compile a scalar function: numbers in, a number (or a tuple of numbers) out, no side effects.

    Allowed inside: + - * / sqrt abs min max floor, comparisons, calls of other rules. A division by zero
    gives inf or nan when compiled and raises in plain Python, so a rule has to exclude it.
    """
    return cast(Callable[P, R], _compile(function)) if JIT_ON else function


def typed_rule(signature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A rule with one fixed signature in numba's notation, which integers of any type are converted to.

    For functions that are called from everywhere: without it each mix of integer types would be compiled
    anew.
    """

    def compile_it(function: Callable[P, R]) -> Callable[P, R]:
        if not JIT_ON:
            return function
        compiled = _compile(function)
        compiled.compile(signature)
        compiled.disable_compile()
        return cast(Callable[P, R], compiled)

    return compile_it


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a part of one kernel that has a name of its own; it is compiled where the kernel calls it.

    So a kernel can be told in steps at no cost: to hand fifty columns over to another compiled function takes
    longer to compile than the step itself.
    """
    return cast(Callable[P, R], _compile(function, "always")) if JIT_ON else function


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Mark and compile a loop over columns: NamedTuples of arrays in, results written into given arrays.

    The same operations as in a rule are allowed, with sums taken by plain loops in id order. One signature
    each: float64 state, int32 indices.
    """
    return cast(Callable[P, R], _compile(function)) if JIT_ON else function


class Packed:
    """A record as kernels take it: where a copy of its fields lies in memory (of an array: its place and
    shape).

    numba takes a named tuple apart at every call, which for fifty columns lasts longer than what a kernel
    does in a small place. A packed record is taken apart once. It has the same fields, inside kernels and
    outside.
    """

    __slots__ = ("_memory", "_numba_type_", "_renewed", "_words", "address", "code", "record")

    def __init__(self, record: Any) -> None:
        self._numba_type_: Any
        self._numba_type_, layout = _packing(record)
        self._memory: Any = np.zeros(layout.size // 8, dtype=np.int64)
        self._words: memoryview[int] = self._memory.data
        self._renewed: dict[str, int] = {}  # fields that hold another number than the record, by place
        self.address: int = _place(self._memory)
        self.code: int = self._numba_type_._code  # numba's number of the type
        self.record = record  # and so its arrays live as long as their places are known
        words: list[Any] = [word for value in record for word in _values(value)]
        layout.pack_into(self._memory.data, 0, *words)

    def put(self, first: int, second: int) -> None:
        """Hold other whole numbers in the first two fields; the record has nothing but numbers.

        Raises TypeError for a number that is not whole.
        """
        if not self._renewed:
            self._renewed = {name: place for place, name in enumerate(self.record._fields[:2])}
        words = self._words
        words[0] = first
        words[1] = second

    def __getattr__(self, name: str) -> Any:
        place = self._renewed.get(name)
        return getattr(self.record, name) if place is None else self._words[place]


def pack(record: Any) -> Any:
    """Pack a NamedTuple of arrays, floats and integers for kernels; in plain Python it stays what it is.

    Raises TypeError for a field that is neither a number nor a contiguous array.
    """
    return Packed(record) if JIT_ON else record


def renewed(packed: Any, first: int, second: int) -> Any:
    """A packed record of numbers with other whole ones in its first two fields: what was given is changed in
    place, where a new one would take ten times as long."""
    if JIT_ON:
        packed.put(first, second)
        return packed
    return type(packed)(first, second, *packed[2:])


class Entry:
    """A kernel as Python calls it month after month, with packed records, numbers and contiguous arrays.

    numba's dispatcher asks for the types of all arguments anew at every call, slowly for packed ones.
    """

    def __init__(self, compiled: Any) -> None:
        self.compiled = compiled
        self._ready: dict[tuple[Any, ...], Any] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Call the kernel; the first call with arguments of some types compiles it for them."""
        return self.ready(arguments)(*arguments)

    def ready(self, arguments: tuple[Any, ...]) -> Any:
        """The kernel compiled for arguments of these types."""
        kinds = tuple(
            [
                each.code if (kind := type(each)) is Packed else _kind(each) if kind is np.ndarray else kind
                for each in arguments
            ]
        )
        ready = self._ready.get(kinds)
        if ready is None:
            types = tuple([type_of(each) for each in arguments])
            ready = self._ready[kinds] = self.compiled.compile(types)
        return ready


def _kind(value: Any) -> Any:
    """What numba's type of a number or an array depends on."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.ndim, value.flags.c_contiguous
    return type(value)


def entry(compiled: Callable[P, R]) -> Callable[P, R]:
    """Mark a kernel that Python calls once a month for each locality, and no other kernel calls."""
    return cast(Callable[P, R], Entry(compiled)) if JIT_ON else compiled


def ready_for(marked: Any, *arguments: Any) -> Any:
    """What an entry calls for arguments of these types: for who calls it often with the same ones."""
    return marked.ready(arguments) if JIT_ON else marked


if JIT_ON:
    import numba.core.datamodel
    import numba.extending

    typing: Any = numba.core.types
    extending: Any = numba.extending
    datamodel: Any = numba.core.datamodel
    type_of: Any = numba.typeof

    class PackedType(typing.NamedTuple):  # type: ignore[misc]
        """numba's type of a packed record: a named tuple that is read from memory."""

        def __init__(self, fields: tuple[Any, ...], record: Any) -> None:
            super().__init__(fields, record)
            # The record's module tells apart those of two processes with as many fields: what is kept on disk
            # is found by this name.
            self.name: str = f"Packed {record.__module__}.{record.__name__}({fields})"

    datamodel.register_default(PackedType)(datamodel.models.TupleModel)

    @extending.unbox(PackedType)  # type: ignore[untyped-decorator]
    def _read(kind: Any, packed: Any, c: Any) -> Any:
        number = c.pyapi.object_getattr_string(packed, "address")
        place = c.builder.bitcast(
            c.pyapi.long_as_voidptr(number), c.context.get_value_type(kind).as_pointer()
        )
        c.pyapi.decref(number)
        return extending.NativeValue(c.builder.load(place))

    _WORDS = {typing.float64: "d", typing.int64: "q", typing.uint64: "Q"}

    def _words(kind: Any) -> str:
        """How one field lies in numba's memory, in the notation of `struct`: words of eight bytes."""
        if isinstance(kind, typing.Array) and kind.layout == "C":
            return "qqqqq" + "qq" * int(kind.ndim)  # two owners, items, bytes an item, place; shape, strides
        if kind not in _WORDS:
            raise TypeError(f"kernels take no {kind} in a packed record")
        return str(_WORDS[kind])

    _packings: dict[tuple[Any, ...], tuple[PackedType, struct.Struct]] = {}

    def _packing(record: Any) -> tuple[PackedType, struct.Struct]:
        """numba's type and the layout of a record, worked out once for fields of the same types."""
        kinds = (type(record), *[_kind(value) for value in record])
        if kinds not in _packings:
            fields = tuple(type_of(value) for value in record)
            layout = struct.Struct("=" + "".join(_words(field) for field in fields))
            _packings[kinds] = (PackedType(fields, type(record)), layout)
        return _packings[kinds]

    def _values(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, np.ndarray):
            return (value,)
        return (0, 0, value.size, value.itemsize, _place(value), *value.shape, *value.strides)

    def _place(array: Any) -> int:
        """Where an array lies in memory."""
        if array.nbytes and array.flags.writeable:
            return ctypes.addressof(ctypes.c_char.from_buffer(array))  # five times as fast as to ask numpy
        return int(array.__array_interface__["data"][0])
