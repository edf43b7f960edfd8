import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.errors import UserError, nearest, one_line, short_list

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
    assert short_list(SIZES) == "rural, small, medium"
    assert short_list([]) == "nothing"
    assert short_list((f"C{i}" for i in range(49)), most=3) == "C0, C1, C2 and 46 more"
    assert short_list(SIZES, most=3) == "rural, small, medium"
    assert short_list(("n" * 50, "m" * 100, "o" * 50)) == f"{'n' * 50}, {'m' * 100} and 1 more"
    assert short_list(["n" * 500]) == "n" * 500


@given(st.text(), st.integers(10, 40))
def test_any_text_becomes_one_line(text: str, most: int) -> None:
    line = one_line(text * 30, most)
    assert len(line) <= most
    assert line.isprintable()
    assert one_line(line, most) == line


def test_a_long_sentence_keeps_its_two_ends() -> None:
    said = UserError(
        f"out={'x' * 5000} cannot be written (File name too long); choose another folder"
    ).sentence
    assert len(said) == 300
    assert said.startswith("out=xxx")
    assert said.endswith("...xx cannot be written (File name too long); choose another folder"[-50:])
