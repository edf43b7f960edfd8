"""Table A1 as shipped, against counts and rows read off the printed table by hand."""

from collections import Counter

import pytest

from woc_sim.inputs.tables import case, cases
from woc_sim.inputs.vocabulary import COUNTRIES, EXECUTIVES, SIZES

WITHOUT_BANDS = ("Poland", "Turkey", "Canada")


def test_there_are_49_cases_in_the_printed_order() -> None:
    assert [one.name for one in cases()] == [f"C{number:02d}" for number in range(1, 50)]


def test_cases_per_country_as_printed() -> None:
    counts = Counter(one.country for one in cases())
    assert [counts[name] for name in COUNTRIES] == [6, 6, 6, 4, 4, 4, 6, 4, 3, 6]


def test_the_western_eu_cases_have_the_printed_executives_and_sizes() -> None:
    western = [one for one in cases() if one.country not in WITHOUT_BANDS]
    executives = Counter(one.executive for one in western)
    sizes = Counter(one.size for one in western)
    assert [executives[name] for name in EXECUTIVES] == [17, 8, 11]
    assert [sizes[name] for name in SIZES] == [10, 14, 12]


def test_bands_are_there_exactly_for_the_western_eu_cases() -> None:
    for one in cases():
        ends = (one.rrp_low, one.rrp_high, one.non_eu_low, one.non_eu_high)
        ends += (one.unemployment_low, one.unemployment_high)
        assert one.banded == (one.country not in WITHOUT_BANDS)
        assert all((end is not None) == one.banded for end in ends), one.name


@pytest.mark.parametrize(
    ("name", "size", "executive", "rrp", "non_eu", "unemployment"),
    [
        ("C01", "small", "progressive", (1, 10), (5, 10), (1, 5)),
        ("C02", "rural", "conservative", (0, 0), (10, 15), (15, 20)),
        ("C12", "medium", "progressive", (0, 0), (1, 5), (25, 30)),
        ("C17", "rural", "mixed", (10, 20), (10, 15), (5, 10)),
        ("C24", "medium", "mixed", (20, 30), (10, 15), (1, 5)),
        ("C30", "medium", "progressive", (1, 10), (5, 10), (20, 25)),
        ("C35", "rural", "mixed", (20, 30), (1, 5), (1, 5)),
    ],
)
def test_rows_as_printed(name, size, executive, rrp, non_eu, unemployment) -> None:
    one = case(name)
    assert (one.size, one.executive) == (size, executive)
    assert (one.rrp_low, one.rrp_high) == rrp
    assert (one.non_eu_low, one.non_eu_high) == non_eu
    assert (one.unemployment_low, one.unemployment_high) == unemployment


def test_bands_are_of_the_printed_kinds_only() -> None:
    banded = [one for one in cases() if one.banded]
    assert Counter((one.rrp_low, one.rrp_high) for one in banded) == {
        (0, 0): 17,
        (1, 10): 6,
        (10, 20): 6,
        (20, 30): 6,
        (30, 50): 1,
    }
    assert {(one.non_eu_low, one.non_eu_high) for one in banded} == {(1, 5), (5, 10), (10, 15)}
    steps = {(1, 5), (5, 10), (10, 15), (15, 20), (20, 25), (25, 30)}
    assert {(one.unemployment_low, one.unemployment_high) for one in banded} == steps


def test_the_assumed_upper_end_is_declared() -> None:
    assert case("C03").rrp_high == 50
    assert "assumed: 50" in case("C03").source


def test_frameworks_are_countries_but_for_belgium_and_catalonia() -> None:
    regional = {one.name: one.framework for one in cases() if "-" in one.framework}
    assert regional == {
        "C08": "ES-CAT",
        "C09": "ES-CAT",
        "C27": "BE-VLG",
        "C28": "BE-VLG",
        "C29": "BE-WAL",
        "C30": "BE-WAL",
    }
    assert len({(one.country, one.framework) for one in cases()}) == 12


def test_an_unknown_case_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        case("C50")
