"""Compiling rules and kernels: the only module that imports numba.

A *rule* is a scalar function: it says what one actor does. A *kernel* loops a rule over columns. numba
compiles both, and the result is cached on disk. With `NUMBA_DISABLE_JIT=1` they stay plain Python and give
the same bytes, slowly. Fast mathematics and parallel loops are off, because they make results depend on the
processor or on the number of threads.

The environment and the working folder cannot change numba's settings here. `woc_sim.kernel_cache` stores what
numba compiles.
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
from woc_sim.isolation import file_hidden
from woc_sim.kernel_cache import CompileProgress, FunctionCache, open_folder

PACKAGE = Path(__file__).parent

# All sources that compiled code can depend on. Rules and kernels may be defined only there (tested).
COMPILED_SOURCES = (
    "jit.py",
    "kernel_cache.py",
    "draws.py",
    "inputs",
    "rules",
    "world",
    "processes",
    "instruments",
)

P = ParamSpec("P")
R = TypeVar("R")

_jit_wanted = os.environ.get("NUMBA_DISABLE_JIT", "").strip().casefold() in ("", "0", "false", "no", "off")
_config: Any = sys.modules.get("numba.core.config")  # set if numba was imported before this module
JIT_ON: bool = _jit_wanted and not getattr(_config, "DISABLE_JIT", 0)


def source_key(package: Path, *others: object) -> str:
    """Hash (16 hex digits) of the sources under `package` that compiled code can depend on, and of
    `others`.
    """
    return sources_hash(package, COMPILED_SOURCES, (sys.version_info[:2], *others))


def _forget_settings() -> None:
    """Remove numba's settings from the environment: they could slow it down or break it.

    NUMBA_NUM_THREADS stays: nothing here depends on it, but other users of numba may.
    """
    for name in [name for name in os.environ if name.startswith("NUMBA_")]:
        value = os.environ[name].strip()
        if name != "NUMBA_NUM_THREADS" or not (value.isdecimal() and int(value)):
            del os.environ[name]


if JIT_ON:
    if _config is None:
        _forget_settings()
        with file_hidden(".numba_config.yaml"):
            import numba
        numba.core.config._config_fname = os.devnull  # numba looks for the file at every compilation
    else:
        import numba
    import numba.core.compiler
    import numba.core.serialize

    numba_: Any = numba
    COMPILE_PROGRESS = CompileProgress(
        open_folder(source_key(PACKAGE, numba.__version__, int(numba_.config.OPT)))
    )


def _compile(function: Callable[P, R], inline: str = "never") -> Any:
    """A numba dispatcher for the function. For functions of this package it uses the kernel cache."""
    dispatcher = numba_.njit(nogil=True, error_model="numpy", fastmath=False, parallel=False, inline=inline)(
        function
    )
    if Path(function.__code__.co_filename).is_relative_to(PACKAGE):
        core = numba_.core
        dispatcher._cache = FunctionCache(
            function, COMPILE_PROGRESS, core.serialize.dumps, core.compiler.CompileResult._rebuild
        )
    return dispatcher


def is_complete() -> bool:
    """Whether every kernel is compiled, or compiled kernels cannot be stored."""
    return not JIT_ON or COMPILE_PROGRESS.is_complete()


def rule(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a scalar function: numbers in, a number (or a tuple of numbers) out, no side effects.

    Allowed inside: + - * / sqrt abs min max floor, comparisons, calls of other rules. A rule must exclude a
    division by zero: it gives inf or nan in compiled code and raises in plain Python.
    """
    return cast(Callable[P, R], _compile(function)) if JIT_ON else function


def typed_rule(signature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A rule with one fixed signature in numba's notation; integer arguments of any type are converted to it.

    For functions that are called from everywhere: otherwise numba would compile one version for each mix of
    integer types.
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
    """Mark a named part of one kernel. numba compiles it inside the kernel that calls it.

    So a kernel can be divided into steps without cost. Passing fifty columns to a separately compiled
    function would take longer to compile than the step itself.
    """
    return cast(Callable[P, R], _compile(function, "always")) if JIT_ON else function


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop over columns: NamedTuples of arrays in, results written into given arrays.

    The operations of a rule are allowed; sums are plain loops in id order. One signature each: float64 state,
    int32 indices.
    """
    return cast(Callable[P, R], _compile(function)) if JIT_ON else function


class Packed:
    """A NamedTuple in the form that kernels read fast: the fields' values and array addresses in one block of
    memory.

    numba unpacks a named tuple at every call. For fifty columns this takes longer than the work of a kernel
    in a small locality. A packed record is unpacked once. Inside kernels and outside it has the same fields.
    """

    __slots__ = ("_memory", "_numba_type_", "_replaced", "_words", "address", "code", "record")

    def __init__(self, record: Any) -> None:
        self._numba_type_: Any
        self._numba_type_, layout = _packing(record)
        self._memory: Any = np.zeros(layout.size // 8, dtype=np.int64)
        self._words: memoryview[int] = self._memory.data
        self._replaced: dict[str, int] = {}  # replaced fields: name -> index
        self.address: int = _address(self._memory)
        self.code: int = self._numba_type_._code  # numba's number for this type
        self.record = record  # keeps the arrays alive while their addresses are in use
        words: list[Any] = [word for value in record for word in _values(value)]
        layout.pack_into(self._memory.data, 0, *words)

    def set_first_fields(self, first: int, second: int) -> None:
        """Replace the first two fields by other integers. All fields of the record must be numbers.

        Raises TypeError for a number that is not an integer.
        """
        if not self._replaced:
            self._replaced = {name: index for index, name in enumerate(self.record._fields[:2])}
        words = self._words
        words[0] = first
        words[1] = second

    def __getattr__(self, name: str) -> Any:
        index = self._replaced.get(name)
        return getattr(self.record, name) if index is None else self._words[index]


def pack(record: Any) -> Any:
    """Pack a NamedTuple of arrays, floats and integers for kernels; in plain Python it is returned unchanged.

    Raises TypeError for a field that is neither a number nor a contiguous array.
    """
    return Packed(record) if JIT_ON else record


def with_first_fields(packed: Any, first: int, second: int) -> Any:
    """The packed record with two other integers in its first two fields. All its fields must be numbers.

    In compiled mode the given record itself is changed: making a new one takes ten times as long.
    """
    if JIT_ON:
        packed.set_first_fields(first, second)
        return packed
    return type(packed)(first, second, *packed[2:])


class KernelEntry:
    """A kernel that Python calls every month, with packed records, numbers and contiguous arrays.

    It finds the compiled version by a key of the argument types. numba's dispatcher is slow at this for
    packed records.
    """

    def __init__(self, compiled: Any) -> None:
        self.compiled = compiled
        self._compiled: dict[tuple[Any, ...], Any] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Call the kernel. The first call with new argument types compiles it for them."""
        return self.compiled_for(arguments)(*arguments)

    def compiled_for(self, arguments: tuple[Any, ...]) -> Any:
        """The compiled version of an `entry` for arguments of these types, for callers that use the same
        types often.
        """
        type_keys = tuple(
            [
                each.code
                if (type_ := type(each)) is Packed
                else _type_key(each)
                if type_ is np.ndarray
                else type_
                for each in arguments
            ]
        )
        found = self._compiled.get(type_keys)
        if found is None:
            types = tuple([type_of(each) for each in arguments])
            found = self._compiled[type_keys] = self.compiled.compile(types)
        return found


def _type_key(value: Any) -> Any:
    """What numba's type of a number or an array depends on."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.ndim, value.flags.c_contiguous
    return type(value)


def entry(compiled: Callable[P, R]) -> Callable[P, R]:
    """Mark a kernel that Python calls once a month for each locality. No other kernel may call it."""
    return cast(Callable[P, R], KernelEntry(compiled)) if JIT_ON else compiled


def compiled_for(marked: Any, *arguments: Any) -> Any:
    """What an entry calls for arguments of these types: for who calls it often with the same ones."""
    return marked.compiled_for(arguments) if JIT_ON else marked


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
            # The module tells records of two processes with equally many fields apart: the kernel cache
            # finds compiled functions by this name.
            self.name: str = f"Packed {record.__module__}.{record.__name__}({fields})"

    class PackedModel(datamodel.models.TupleModel):  # type: ignore[misc]
        """How a packed record lies in memory.

        Python owns its arrays while a kernel runs, so numba need not count who holds them. To count those of
        fifty columns would cost as much as a step does in a small place.
        """

        def traverse(self, builder: Any) -> list[Any]:
            """Nothing in the record is counted."""
            return []

    datamodel.register_default(PackedType)(PackedModel)

    @extending.unbox(PackedType)  # type: ignore[untyped-decorator]
    def _unbox_packed(type_: Any, packed: Any, c: Any) -> Any:
        address = c.pyapi.object_getattr_string(packed, "address")
        pointer = c.builder.bitcast(
            c.pyapi.long_as_voidptr(address), c.context.get_value_type(type_).as_pointer()
        )
        c.pyapi.decref(address)
        return extending.NativeValue(c.builder.load(pointer))

    _WORD_FORMATS = {typing.float64: "d", typing.int64: "q", typing.uint64: "Q"}

    def _word_format(type_: Any) -> str:
        """The format of one field in numba's memory, in the notation of `struct`: words of eight bytes."""
        if isinstance(type_, typing.Array) and type_.layout == "C":
            # two owner pointers, item count, item size, address; then shape and strides
            return "qqqqq" + "qq" * int(type_.ndim)
        if type_ not in _WORD_FORMATS:
            raise TypeError(f"kernels take no {type_} in a packed record")
        return str(_WORD_FORMATS[type_])

    _packing_cache: dict[tuple[Any, ...], tuple[PackedType, struct.Struct]] = {}

    def _packing(record: Any) -> tuple[PackedType, struct.Struct]:
        """numba's type and the memory layout of a record; computed once for each combination of field
        types.
        """
        type_keys = (type(record), *[_type_key(value) for value in record])
        if type_keys not in _packing_cache:
            fields = tuple(type_of(value) for value in record)
            layout = struct.Struct("=" + "".join(_word_format(field) for field in fields))
            _packing_cache[type_keys] = (PackedType(fields, type(record)), layout)
        return _packing_cache[type_keys]

    def _values(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, np.ndarray):
            return (value,)
        return (0, 0, value.size, value.itemsize, _address(value), *value.shape, *value.strides)

    def _address(array: Any) -> int:
        """The memory address of an array."""
        if array.nbytes and array.flags.writeable:
            return ctypes.addressof(ctypes.c_char.from_buffer(array))  # five times as fast as to ask numpy
        return int(array.__array_interface__["data"][0])
