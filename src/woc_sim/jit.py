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
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

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


def compile_function(function: Callable[P, R], inline: str = "never", key: str = "") -> Any:
    """A numba dispatcher for the function. It uses the kernel cache for functions of this package, and for
    those with a key that says on which texts outside it they depend.
    """
    dispatcher = numba_.njit(
        nogil=True,
        error_model="numpy",
        fastmath=False,
        parallel=False,
        inline=inline,
        no_cfunc_wrapper=True,  # nobody calls it from C, and wrappers take their time to compile
    )(function)
    if key or Path(function.__code__.co_filename).is_relative_to(PACKAGE):
        core = numba_.core
        dispatcher._cache = FunctionCache(
            function, COMPILE_PROGRESS, core.serialize.dumps, core.compiler.CompileResult._rebuild, key
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
    return cast(Callable[P, R], compile_function(function)) if JIT_ON else function


def typed_rule(signature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A rule with one fixed signature in numba's notation; integer arguments of any type are converted to it.

    For functions that are called from everywhere: otherwise numba would compile one version for each mix of
    integer types.
    """

    def compile_it(function: Callable[P, R]) -> Callable[P, R]:
        if not JIT_ON:
            return function
        compiled = compile_function(function)
        compiled.compile(signature)
        compiled.disable_compile()
        return cast(Callable[P, R], compiled)

    return compile_it


def called(typed: Any) -> Any:
    """The compiled function of a typed rule, for who calls it from Python often: it takes numbers of any type
    and looks for no version."""
    (only,) = typed.overloads.values()
    return only.entry_point


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a named part of one kernel. numba compiles it inside the kernel that calls it.

    So a kernel can be divided into steps without cost. Passing fifty columns to a separately compiled
    function would take longer to compile than the step itself.
    """
    return cast(Callable[P, R], compile_function(function, "always")) if JIT_ON else function


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop over columns: NamedTuples of arrays in, results written into given arrays.

    The operations of a rule are allowed; sums are plain loops in id order. One signature each: float64 state,
    int32 indices.
    """
    return cast(Callable[P, R], compile_function(function)) if JIT_ON else function


class Packed:
    """A NamedTuple in the form that kernels read fast: numbers, and address and shape of arrays, in one block
    of memory.

    numba unpacks a named tuple at every call. For fifty columns this takes longer than the work of a kernel
    in a small locality. Of a packed record a kernel is given the address. Inside kernels and outside it has
    the same fields.
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
        words: list[Any] = []
        for value in record:
            if isinstance(value, np.ndarray):
                words.append(_address(value))
                words += value.shape
            else:
                words.append(value)
        layout.pack_into(self._words, 0, *words)

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
        self._addresses: dict[tuple[Any, ...], int] = {}

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

    def address_for(self, records: tuple[Any, ...]) -> int:
        """Where the machine code for these packed records lies in memory, for `walk`.

        Raises TypeError for a kernel that returns something.
        """
        type_keys = tuple([each.code for each in records])
        found = self._addresses.get(type_keys)
        if found is None:
            types = tuple([type_of(each) for each in records])
            self.compiled.compile(types)
            version = self.compiled.overloads[types]
            if version.signature.return_type != typing.none:
                raise TypeError(
                    f"{version.fndesc.qualname} returns a value; a walk calls kernels that do not"
                )
            found = version.library.get_pointer_to_function(version.fndesc.llvm_func_name)
            self._addresses[type_keys] = found
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


class Call(NamedTuple):
    """One call of a walk: an entry and the packed records it is given, state, constants and moment.

    every: months between two calls.
    """

    kernel: Any
    state: Any
    constants: Any
    now: Any
    every: int = 1


def walk(calls: Sequence[Call]) -> Callable[[int, int], None]:
    """A function walk(month, migrants) that makes all calls of the month, one after the other.

    It writes month and migrants into the first two fields of each moment. From Python it is one call of
    compiled code, because a call from Python takes longer than many kernels do in a small locality.
    """
    if not JIT_ON:
        return partial(_walk_in_python, calls)
    table = [
        (call.kernel.address_for(call[1:4]), *(record.address for record in call[1:4]), call.every)
        for call in calls
    ]
    addresses = np.array(table, dtype=np.int64).reshape(len(table), 5)
    walk_addresses = _compiled_walk()

    def live(month: int, migrants: int) -> None:
        walk_addresses(addresses, month, migrants)

    live.calls = calls  # type: ignore[attr-defined] # keeps what lies at the addresses
    return live


def _walk_in_python(calls: Sequence[Call], month: int, migrants: int) -> None:
    for kernel_, state, constants, now, every in calls:
        if month % every == 0:
            kernel_(state, constants, with_first_fields(now, month, migrants))


if JIT_ON:
    import numba.core.cgutils
    import numba.core.datamodel
    import numba.core.errors
    import numba.core.typing.templates
    import numba.extending
    import numba.np.arrayobj

    typing: Any = numba.core.types
    extending: Any = numba.extending
    datamodel: Any = numba.core.datamodel
    cgutils: Any = numba.core.cgutils
    templates: Any = numba.core.typing.templates
    arrayobj: Any = numba.np.arrayobj
    type_of: Any = numba.typeof
    CompileError: Any = numba.core.errors.NumbaError

    class PackedType(typing.Type):  # type: ignore[misc]
        """numba's type of a packed record: the address of its words, of eight bytes each."""

        def __init__(self, fields: tuple[Any, ...], record: Any) -> None:
            self.places: dict[str, tuple[int, Any]] = {}  # field: first byte and type
            size = 0
            for name, field in zip(record._fields, fields, strict=True):
                self.places[name] = size, field
                size += struct.calcsize(_word_format(field))
            # The module tells records of two processes with equally many fields apart: the kernel cache
            # finds compiled functions by this name.
            super().__init__(name=f"Packed {record.__module__}.{record.__name__}({fields})")

    datamodel.register_default(PackedType)(datamodel.models.OpaqueModel)

    @extending.unbox(PackedType)  # type: ignore[untyped-decorator]
    def _unbox_packed(type_: Any, packed: Any, c: Any) -> Any:
        address = c.pyapi.object_getattr_string(packed, "address")
        pointer = c.pyapi.long_as_voidptr(address)
        c.pyapi.decref(address)
        return extending.NativeValue(pointer)

    @templates.infer_getattr
    class _PackedFields(templates.AttributeTemplate):  # type: ignore[misc]
        """Types of the fields of a packed record."""

        key = PackedType

        def generic_resolve(self, record: Any, name: str) -> Any:
            place = record.places.get(name)
            return None if place is None else place[1]

    @extending.lower_getattr_generic(PackedType)  # type: ignore[untyped-decorator]
    def _read_field(context: Any, builder: Any, record: Any, address: Any, name: str) -> Any:
        """A field, read from memory that does not change while a kernel runs.

        Python owns the arrays meanwhile, so they come without an owner whom numba would have to count.
        """
        first, field = record.places[name]

        def word(number: int, kind: Any) -> Any:
            place = cgutils.pointer_add(builder, address, first + 8 * number, kind.as_pointer())
            found = builder.load(place, align=8)
            found.set_metadata("invariant.load", builder.module.add_metadata([]))
            return found

        if not isinstance(field, typing.Array):
            return word(0, context.get_value_type(field))
        whole = context.get_value_type(typing.intp)
        item = context.get_data_type(field.dtype)
        size = whole(context.get_abi_sizeof(item))
        shape = [word(1 + axis, whole) for axis in range(field.ndim)]
        strides = [size]
        for length in reversed(shape[1:]):
            strides.insert(0, builder.mul(strides[0], length))
        array = context.make_array(field)(context, builder)
        arrayobj.populate_array(array, word(0, item.as_pointer()), shape, strides, size, None)
        return array._getvalue()

    @extending.intrinsic  # type: ignore[untyped-decorator]
    def _call_month(context: Any, call: Any, month: Any, migrants: Any) -> Any:
        """Call what a row of a walk's table says in a month, with so many migrants."""

        def lower(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            row, month_, migrants_ = values
            text = context.get_value_type(typing.voidptr)
            kernel_, *records = [builder.inttoptr(word, text) for word in cgutils.unpack_tuple(builder, row)]
            for place, value in enumerate((month_, migrants_)):
                where = cgutils.pointer_add(builder, records[-1], 8 * place, value.type.as_pointer())
                builder.store(value, where)
            given = (typing.voidptr,) * 3
            convention = context.call_conv
            shape = convention.get_function_type(typing.none, given)
            function = builder.bitcast(kernel_, shape.as_pointer())
            status, _ = convention.call_function(builder, function, typing.none, given, records)
            with cgutils.if_unlikely(builder, status.is_error):
                convention.return_status_propagate(builder, status)
            return context.get_dummy_value()

        return typing.none(call, month, migrants), lower

    def _walk_calls(table: Any, month: int, migrants: int) -> None:
        for row in range(len(table)):
            if month % table[row, 4] == 0:
                call = table[row, 0], table[row, 1], table[row, 2], table[row, 3]
                _call_month(call, month, migrants)

    @cache
    def _compiled_walk() -> Any:
        """A function of a table of addresses, the month and the number of migrants."""
        return compile_function(_walk_calls).compile("void(int64[:, ::1], int64, int64)")

    _WORD_FORMATS = {typing.float64: "d", typing.int64: "q", typing.uint64: "Q"}

    def _word_format(type_: Any) -> str:
        """The format of one field in memory, in the notation of `struct`: words of eight bytes."""
        if isinstance(type_, typing.Array) and type_.layout == "C":
            return "=q" + "q" * int(type_.ndim)  # address and shape
        if type_ not in _WORD_FORMATS:
            raise TypeError(f"kernels take no {type_} in a packed record")
        return "=" + str(_WORD_FORMATS[type_])

    _packing_cache: dict[tuple[Any, ...], tuple[PackedType, struct.Struct]] = {}

    def _packing(record: Any) -> tuple[PackedType, struct.Struct]:
        """numba's type and the memory layout of a record; computed once for each combination of field
        types.
        """
        type_keys = (type(record), *[_type_key(value) for value in record])
        found = _packing_cache.get(type_keys)
        if found is None:
            fields = tuple(type_of(value) for value in record)
            words = "".join(_word_format(field).removeprefix("=") for field in fields)
            found = PackedType(fields, type(record)), struct.Struct("=" + words)
            _packing_cache[type_keys] = found
        return found

    def _address(array: Any) -> int:
        """The memory address of an array."""
        try:
            return ctypes.addressof(ctypes.c_char.from_buffer(array))  # five times as fast as to ask numpy
        except (TypeError, ValueError):  # it cannot be written, or is empty
            return int(array.__array_interface__["data"][0])
