"""Readers of settings, for commands and for settings that are made in Python."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from woc_sim.ensemble.readers import choice, integer, names, number, read_fields, read_values
from woc_sim.errors import UserError

READERS = {"count": integer(1, 9), "share": number(0, 1), "kind": choice(("small", "large"))}


@dataclass(frozen=True, slots=True)
class Made:
    """Settings of which one may be None."""

    count: int = 2
    share: float | None = None
    kind: str = "small"

    def __post_init__(self) -> None:
        read_fields(self, READERS)


def test_fields_are_read_and_none_stays_where_it_is_the_default() -> None:
    assert Made() == Made(2, None, "small")
    assert type(Made(share=1).share) is float
    for given, said in (
        ({"count": 0}, "count is 0; allowed: an integer from 1 to 9"),
        ({"count": None}, "count is empty"),
        ({"share": float("nan")}, "share is nan; allowed: a number from 0 to 1"),
        ({"kind": "smal"}, "did you mean 'small'"),
    ):
        with pytest.raises(UserError, match=said):
            Made(**given)  # type: ignore[arg-type]


def test_arguments_are_read_in_their_order() -> None:
    assert read_values(READERS, kind="large", count=3) == ("large", 3)
    with pytest.raises(UserError, match="count is 10"):
        read_values(READERS, kind="large", count=10)


def test_names_are_a_list_or_a_text_with_commas() -> None:
    for given in ("policy, ties", ["policy", "ties"], ("policy", "ties")):
        assert names("over", given) == ("policy", "ties")
    assert names("over", ()) == ()
    for wrong in ("", 5, ["policy", 5]):
        with pytest.raises(UserError, match="over is"):
            names("over", wrong)
