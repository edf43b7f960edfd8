import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.errors import UserError, allowed, nearest

SIZES = ("rural", "small", "medium")


def test_user_error_is_its_sentence() -> None:
    error = UserError("locality.size is 'big'; allowed: rural, small, medium")
    assert str(error) == error.sentence == "locality.size is 'big'; allowed: rural, small, medium"


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("smal", "did you mean 'small'?"),
        ("Medium", "did you mean 'medium'?"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_nearest_names_the_close_ones_only(name: str, question: str) -> None:
    assert nearest(name, SIZES) == question


def test_nearest_lists_at_most_three_best_first() -> None:
    names = ("speed_a", "speed_b", "speed_c", "speed_d")
    assert nearest("speed", ["speeds", "sped"]) == "did you mean 'speeds' or 'sped'?"
    assert nearest("speed_", names).count("'") == 6


@given(st.sampled_from(SIZES))
def test_nearest_finds_a_valid_name_itself(name: str) -> None:
    assert nearest(name, SIZES).startswith(f"did you mean '{name}'")


def test_allowed_is_brief() -> None:
    assert allowed(SIZES) == "rural, small, medium"
    assert allowed([]) == "nothing"
    assert allowed((f"C{i}" for i in range(49)), most=3) == "C0, C1, C2 and 46 more"
    assert allowed(SIZES, most=3) == "rural, small, medium"
