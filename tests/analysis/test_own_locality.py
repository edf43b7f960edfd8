"""A user's own locality among the cases, on hand-made tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis.own_locality import sentence, standing

CASES = pd.DataFrame(
    {
        "case": ["C01", "C01", "C02", "C02", "C03", "C03", "C04", "C04"],
        "mipex_total": [10.0, 20.0, 30.0, 40.0, 50.0, np.nan, np.nan, np.nan],
        "ties_mean": [np.nan] * 8,
    }
)


def own(values: list[float], name: str = "Hillford") -> pd.DataFrame:
    return pd.DataFrame({"case": name, "mipex_total": values, "ties_mean": np.nan})


def test_means_are_compared_with_means() -> None:
    found = standing(own([0.0, 40.0, np.nan, 80.0]), CASES, "mipex_total")
    assert found is not None
    assert sorted(found.cases) == [15.0, 35.0, 50.0]
    assert (found.mean, found.low, found.high) == pytest.approx((40.0, 4.0, 76.0))
    assert found.above == 2
    assert found.place == "higher than 2 of the 3 cases"


def test_what_was_not_read_has_no_place() -> None:
    assert standing(own([1.0]), CASES, "ties_mean") is None
    assert standing(own([1.0]), CASES, "lonely_share") is None
    assert sentence(own([np.nan]), CASES) == "your locality Hillford: no policy index was read"


def test_the_sentence_names_the_locality_if_it_has_a_name() -> None:
    said = "policy index 20 (12 to 28), higher than 1 of the 3 cases"
    assert sentence(own([11.0, 20.0, 29.0]), CASES) == f"your locality Hillford: {said}"
    assert sentence(own([11.0, 20.0, 29.0], "synthetic"), CASES) == f"your locality: {said}"
    assert sentence(own([1.0], "a\x1b[31mb"), CASES).isprintable()
