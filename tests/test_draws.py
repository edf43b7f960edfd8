"""Addressed draws: published known answers, independence of addresses, equality of both modes."""

import subprocess
import sys

import numpy as np
import pytest

from woc_sim.draws import W, draw, fill_uniform, name_key, threefry, uniform, watch_addresses
from woc_sim.jit import JIT_ON

pytestmark = pytest.mark.portable

KEY = 0x71BBA2DDD7F8D43D  # of ('C21', 'policy'), on every machine
ONES = 2**64 - 1
KNOWN_ANSWERS = [  # Random123 distribution, kat_vectors, threefry2x64 with 20 rounds
    ((0, 0, 0, 0), (0xC2B6E3A8C2C69865, 0x6F81ED42F350084D)),
    ((ONES, ONES, ONES, ONES), (0xE02CB7C4D95D277A, 0xD06633D0893B8B68)),
    (
        (0xA4093822299F31D0, 0x082EFA98EC4E6C89, 0x243F6A8885A308D3, 0x13198A2E03707344),
        (0x263C7D30BB0F0AF1, 0x56BE8361D3311526),
    ),
]


@pytest.mark.parametrize(("words", "answer"), KNOWN_ANSWERS)
def test_threefry_gives_the_published_answers(words, answer):
    assert tuple(int(word) for word in threefry(*(W(word) for word in words))) == answer


def test_integers_of_any_type_give_the_same_draw():
    one = uniform(W(1), W(2), W(3), W(4), W(5), W(6))
    assert uniform(1, 2, 3, 4, 5, 6) == one
    assert uniform(np.int64(1), np.uint64(2), np.int32(3), 4, np.int64(5), 6) == one


def test_every_part_of_the_address_matters():
    base = (1, 2, 3, 4, 5, 6)
    values = {uniform(*base)}
    for place in range(6):
        address = list(base)
        address[place] += 1
        values.add(uniform(*address))
    assert len(values) == 7


def test_uniform_numbers_look_uniform():
    values = np.empty(50_000)
    fill_uniform(W(1), W(2), np.arange(50_000, dtype=np.uint64), 3, 4, 5, 50_000, values)
    counts, _ = np.histogram(values, bins=20, range=(0, 1))
    chi_square = float(((counts - 2500) ** 2 / 2500).sum())
    assert chi_square < 45  # 19 degrees of freedom: 45 is exceeded once in 1400
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.015
    assert values.min() >= 0
    assert values.max() < 1


def test_block_and_single_draws_agree():
    values = np.empty(10)
    fill_uniform(W(9), W(8), np.arange(10, dtype=np.uint64), 7, 6, 0, 10, values)
    assert [draw((np.uint64(9), np.uint64(8)), i, 6, 0, 7) for i in range(10)] == values.tolist()


def test_name_keys_are_stable_and_tell_names_apart():
    assert int(name_key(1, 0)) == int(name_key("1", "0"))
    assert int(name_key("C21", "policy")) == KEY
    assert name_key("a", "bc") != name_key("ab", "c")


def test_repeated_addresses_are_found_in_plain_python():
    code = (
        "from woc_sim.draws import uniform, watch_addresses\n"
        "watch_addresses(True)\n"
        "uniform(1, 2, 3, 4, 5, 6); uniform(1, 2, 3, 4, 5, 7)\n"
        "try:\n    uniform(1, 2, 3, 4, 5, 6)\nexcept AssertionError as e:\n    print('found', e)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"NUMBA_DISABLE_JIT": "1", "PATH": "/usr/bin:/bin"},
        check=True,
    )
    assert "was drawn twice" in done.stdout


def test_compiled_draws_cannot_be_watched():
    if JIT_ON:
        with pytest.raises(RuntimeError, match="NUMBA_DISABLE_JIT"):
            watch_addresses(True)
    else:
        watch_addresses(False)
        assert uniform(1, 2, 3, 4, 5, 6) == uniform(1, 2, 3, 4, 5, 6)
