"""Calculations beside one another give the same as one after the other, and their errors are seen."""

from functools import partial

import numpy as np
import pytest

from woc_sim.analysis.inference.parallel import for_each, one_thread


def total(size: int, seed: int) -> float:
    """A product whose last bits depend on the number of threads of a library."""
    numbers = np.sin(np.arange(size * size, dtype=float).reshape(size, size) + seed)
    return float((numbers @ numbers.T).sum())


def refuse(seed: int) -> None:
    raise ArithmeticError(f"case {seed}")


def test_results_do_not_depend_on_workers(capsys: pytest.CaptureFixture[str]) -> None:
    work = partial(total, 300)
    alone = for_each(work, range(5), 1, None, "products", "cases")
    assert "products: 5 cases in" in capsys.readouterr().err
    assert for_each(work, range(5), 2, False, "products", "cases") == alone
    assert capsys.readouterr().err == ""
    with one_thread():
        assert [work(seed) for seed in range(5)] == alone


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_case_is_raised_here(workers: int) -> None:
    with pytest.raises(ArithmeticError, match="case 0"):
        for_each(refuse, [0], workers, False, "cases", "cases")
    assert for_each(abs, [], workers, False, "nothing", "cases") == []
