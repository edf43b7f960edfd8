"""Addressed random numbers: a draw depends on its address, never on the order of computation.

Threefry2x64-20 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3") maps
a key and a counter to 128 random bits. The key names the run and the process, the counter names the entity,
the month, the purpose and an index. Two runs that differ in one intervention therefore share all other draws
(common random numbers), and any number of workers gives the same numbers.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np

from woc_sim.jit import JIT_ON, called, kernel, rule, typed_rule

# One source for both modes: numba needs 64-bit words, plain Python needs integers that are masked.
W: Any = np.uint64 if JIT_ON else int

_MASK = W(0xFFFFFFFFFFFFFFFF)
_PARITY = W(0x1BD11BDAA9FC1A22)
_W64 = W(64)
_W32 = W(32)
_W16 = W(16)
_W11 = W(11)
_R16, _R42, _R12, _R31 = W(16), W(42), W(12), W(31)
_R32, _R24, _R21 = W(32), W(24), W(21)
_ONE, _TWO, _THREE, _FOUR, _FIVE = W(1), W(2), W(3), W(4), W(5)
_SCALE = 1.0 / 9007199254740992.0  # 2 to the minus 53


@rule
def _rotate(x: Any, by: Any) -> Any:
    return ((x << by) & _MASK) | (x >> (_W64 - by))


@rule
def _four_rounds(x0: Any, x1: Any, r0: Any, r1: Any, r2: Any, r3: Any) -> Any:
    x0 = (x0 + x1) & _MASK
    x1 = _rotate(x1, r0) ^ x0
    x0 = (x0 + x1) & _MASK
    x1 = _rotate(x1, r1) ^ x0
    x0 = (x0 + x1) & _MASK
    x1 = _rotate(x1, r2) ^ x0
    x0 = (x0 + x1) & _MASK
    x1 = _rotate(x1, r3) ^ x0
    return x0, x1


@rule
def threefry(key0: Any, key1: Any, counter0: Any, counter1: Any) -> Any:
    """Threefry2x64 with 20 rounds: two 64-bit words from a key and a counter of two words each."""
    k0 = W(key0)
    k1 = W(key1)
    k2 = _PARITY ^ k0 ^ k1
    x0 = (W(counter0) + k0) & _MASK
    x1 = (W(counter1) + k1) & _MASK
    x0, x1 = _four_rounds(x0, x1, _R16, _R42, _R12, _R31)
    x0 = (x0 + k1) & _MASK
    x1 = (x1 + k2 + _ONE) & _MASK
    x0, x1 = _four_rounds(x0, x1, _R16, _R32, _R24, _R21)
    x0 = (x0 + k2) & _MASK
    x1 = (x1 + k0 + _TWO) & _MASK
    x0, x1 = _four_rounds(x0, x1, _R16, _R42, _R12, _R31)
    x0 = (x0 + k0) & _MASK
    x1 = (x1 + k1 + _THREE) & _MASK
    x0, x1 = _four_rounds(x0, x1, _R16, _R32, _R24, _R21)
    x0 = (x0 + k1) & _MASK
    x1 = (x1 + k2 + _FOUR) & _MASK
    x0, x1 = _four_rounds(x0, x1, _R16, _R42, _R12, _R31)
    x0 = (x0 + k2) & _MASK
    x1 = (x1 + k0 + _FIVE) & _MASK
    return x0, x1


@typed_rule("float64(uint64, uint64, uint64, uint64, uint64, uint64)")
def _uniform(key0: Any, key1: Any, entity: Any, month: Any, purpose: Any, index: Any) -> float:
    counter = (W(month) << _W32) | (W(purpose) << _W16) | W(index)
    x0, _ = threefry(key0, key1, entity, counter)
    return float(x0 >> _W11) * _SCALE


_watched: set[tuple[int, ...]] | None = None


def watch_addresses(on: bool) -> None:
    """Plain-Python mode only: a repeated address becomes an error, to find two draws that share an address.

    Raises RuntimeError where kernels are compiled, because a compiled draw cannot be watched.
    """
    global _watched
    if JIT_ON:
        raise RuntimeError("addresses can be watched only with NUMBA_DISABLE_JIT=1")
    _watched = set() if on else None


if JIT_ON:
    uniform = _uniform
else:

    def uniform(key0: Any, key1: Any, entity: Any, month: Any, purpose: Any, index: Any) -> float:
        """One uniform number in [0, 1) at an address; a repeated address raises if addresses are watched."""
        if _watched is not None:
            address = (int(key0), int(key1), int(entity), int(month), int(purpose), int(index))
            if address in _watched:
                raise AssertionError(f"the address {address} was drawn twice")
            _watched.add(address)
        return _uniform(key0, key1, entity, month, purpose, index)


@kernel
def fill_uniform(
    key0: Any, key1: Any, entities: Any, month: int, purpose: int, index: int, count: int, out: Any
) -> None:
    """Fill out[:count] with uniform numbers of the first `count` entities (uint64 keys)."""
    for i in range(count):
        out[i] = uniform(key0, key1, entities[i], month, purpose, index)


@kernel
def fill_purposes(
    key0: Any, key1: Any, entities: Any, month: int, first: int, purposes: int, count: int
) -> Any:
    """Uniform numbers: one row for each of the `purposes` from `first` on, one column for each of `count`
    entities.

    A number costs about 2 ns in a block and about 75 ns in a branching loop.
    """
    out = np.empty((purposes, count))
    for p in range(purposes):
        fill_uniform(key0, key1, entities, month, first + p, 0, count, out[p])
    return out


_uniform_called: Any = called(uniform) if JIT_ON else uniform


@lru_cache(maxsize=4096, typed=True)
def name_key(*names: object) -> np.uint64:
    """64-bit key of a tuple of names or numbers, the same on every machine and Python."""
    text = "\x1f".join(str(name) for name in names)
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def draw(
    key: tuple[np.uint64, np.uint64], entity: int, purpose: int, index: int = 0, month: int = 0
) -> float:
    """One uniform number in [0, 1) from plain Python (a compiled call, about half a microsecond)."""
    return float(_uniform_called(key[0], key[1], W(entity), month, purpose, index))


def draw_each(key: tuple[np.uint64, np.uint64], entities: Any, purpose: int, index: int = 0) -> Any:
    """One uniform number in [0, 1) for each entity (uint64 addresses), from plain Python."""
    out = np.empty(len(entities))
    fill_uniform(key[0], key[1], entities, 0, purpose, index, len(entities), out)
    return out
