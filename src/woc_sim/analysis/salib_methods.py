"""SALib's methods with their traps closed.

SALib (1.6) takes seed 0 as no seed, draws from or reseeds numpy's global generator in some analyses, changes
the warnings of the process (delta), gives zeros for an outcome with missing values (sobol) or that does not
vary, ignores groups in some methods, and has no interval for PAWN. `analyse` gives SALib's own result without
these: the same call gives the same numbers, whatever ran before, and the process is left as it was.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np

from woc_sim.analysis.resampling import resamples as drawn_again
from woc_sim.ensemble.sampling import MORRIS_LEVELS, rows_in_block
from woc_sim.errors import UserError

Array = np.ndarray[Any, Any]

RESAMPLES: Final = 200
"""Bootstrap resamples of an interval; `Method.resamples` has fewer for slow methods."""
DELTA_SAMPLE: Final = 512
"""Most points in a resample of delta, whose time grows with their square."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of SALib.

    ``design``: the points that it needs. ``index``: the column of its result that ranks the factors, and
    ``interval`` the column with half of its 95 % interval. ``of_variance``: the index is a share of the
    variance. ``groups``: it can treat several factors as one. ``meaning``: of the index, for captions.
    ``why_no_groups``: for a method that cannot.
    """

    name: str
    design: str
    index: str
    interval: str
    of_variance: bool
    resamples: int
    meaning: str
    source: str
    why_no_groups: str = ""

    @property
    def groups(self) -> bool:
        """Whether several factors can be treated as one."""
        return not self.why_no_groups


METHODS: Final[Mapping[str, Method]] = {
    each.name: each
    for each in (
        Method(
            "morris",
            "morris",
            "mu_star",
            "mu_star_conf",
            False,
            RESAMPLES,
            "mean absolute change of the outcome when the factor moves over its range",
            "Morris 1991; Campolongo et al. 2007",
        ),
        Method(
            "sobol",
            "saltelli",
            "ST",
            "ST_conf",
            True,
            RESAMPLES,
            "share of the variance that the factor takes part in, interactions included",
            "Sobol 2001; Saltelli et al. 2010",
        ),
        Method(
            "pawn",
            "latin",
            "median",
            "median_conf",
            False,
            30,
            "median distance (0 to 1) between the distribution of the outcome and that at a given value of "
            "the factor",
            "Pianosi & Wagener 2018",
            "it would give the mean of the members and not their joint effect",
        ),
        Method(
            "delta",
            "latin",
            "delta_raw",
            "delta_raw_conf",
            False,
            20,
            "share (0 to 1) of the distribution of the outcome that knowing the factor would shift",
            "Borgonovo 2007; Plischke et al. 2013",
            "it ignores groups",
        ),
        Method(
            "rbd_fast",
            "latin",
            "S1",
            "S1_conf",
            True,
            RESAMPLES,
            "share of the variance that the factor explains alone",
            "Tarantola et al. 2006; Tissot & Prieur 2012",
            "it ignores groups",
        ),
    )
}


def factor_names(problem: Mapping[str, Any]) -> list[str]:
    """What an analysis has a row for: the groups of the problem in their order, or its names."""
    return list(dict.fromkeys(problem.get("groups") or problem["names"]))


def refuse_groups(method: Method, problem: Mapping[str, Any]) -> None:
    """Raise UserError for groups in a method that has no index of a group."""
    if problem.get("groups") and not method.groups:
        raise UserError(
            f"method={method.name} takes no groups: {method.why_no_groups}; use groups=none, or method=sobol"
        )


def complete_rows(method: Method, problem: Mapping[str, Any], values: Array) -> Array:
    """Mask of the rows that an analysis can use: whole trajectories (morris) or base samples (sobol) in which
    no value is missing, or the single rows."""
    block = rows_in_block(method.design, len(factor_names(problem)))
    whole = np.isfinite(values.reshape(-1, block)).all(axis=1)
    mask: Array = np.repeat(whole, block)
    return mask


def least_rows(method: Method, problem: Mapping[str, Any]) -> int:
    """Rows below which a method gives no result: two trajectories, four base samples, or a hundred points."""
    block = rows_in_block(method.design, len(factor_names(problem)))
    return {"morris": 2, "saltelli": 4}.get(method.design, 100) * block


def analyse(
    method: Method,
    problem: Mapping[str, Any],
    points: Array,
    values: Array,
    seed: int,
    resamples: int | None = None,
    keep_resamples: bool = False,
) -> Any:
    """SALib's result (a dict with `to_df`) of one outcome, with an interval in every method.

    values: finite (leave rows out by `complete_rows`). Raises ValueError for missing values, for an outcome
    that does not vary and for too few rows, UserError as `refuse_groups`. keep_resamples: sobol also returns
    its bootstrap samples (S1_conf_all, ST_conf_all).
    """
    refuse_groups(method, problem)
    if not np.isfinite(values).all():
        raise ValueError("a value is missing; SALib would take it for a result")
    if len(values) < least_rows(method, problem):
        raise ValueError(f"{len(values)} rows are too few for {method.name}")
    if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        raise ValueError("the outcome does not vary")
    count = method.resamples if resamples is None else resamples
    own_problem = dict(problem)  # SALib writes into it
    with _process_as_it_was():
        return _ANALYSES[method.name](own_problem, points, values, seed + 1, count, keep_resamples)


@contextmanager
def _process_as_it_was() -> Iterator[None]:
    """A block after which numpy's global generator and the treatment of warnings are those of before."""
    # SALib draws from it and reseeds it, and it is the user's; nothing here draws from it
    shared_generator = import_module("numpy.random")
    state = shared_generator.get_state()
    form = warnings.formatwarning
    try:
        with warnings.catch_warnings():
            yield
    finally:
        warnings.formatwarning = form
        shared_generator.set_state(state)


def _morris(problem: Any, points: Array, values: Array, seed: int, resamples: int, _: bool) -> Any:
    from SALib.analyze import morris

    found = morris.analyze(
        problem, points, values, num_levels=MORRIS_LEVELS, num_resamples=resamples, seed=seed
    )
    for name in ("mu", "mu_star", "sigma", "mu_star_conf"):  # masked arrays become plain ones
        found[name] = np.ma.filled(np.ma.asarray(found[name], dtype=float), np.nan)
    return found


def _sobol(problem: Any, _: Array, values: Array, seed: int, resamples: int, keep: bool) -> Any:
    from SALib.analyze import sobol

    warnings.simplefilter("ignore")  # a resample without variance is told by its interval
    return sobol.analyze(
        problem,
        values,
        calc_second_order=False,
        num_resamples=resamples,
        keep_resamples=keep,
        seed=seed,
    )


def _pawn(problem: Any, points: Array, values: Array, seed: int, resamples: int, _: bool) -> Any:
    from SALib.analyze import pawn

    warnings.simplefilter("ignore")  # tied values make empty slices, which PAWN leaves out
    found = pawn.analyze(problem, points, values, seed=seed)
    medians = []
    for rows in drawn_again("pawn", seed, max(2, resamples), len(values)):
        medians.append(pawn.analyze(problem, points[rows], values[rows], seed=seed)["median"])
    found["median_conf"] = 1.96 * np.std(medians, axis=0, ddof=1)
    return found


def _delta(problem: Any, points: Array, values: Array, seed: int, resamples: int, _: bool) -> Any:
    from SALib.analyze import delta

    # delta forbids names that end like its columns, as `..._step`
    coded = problem | {"names": [f"factor {number}" for number in range(problem["num_vars"])]}
    with warnings.catch_warnings(record=True):
        found = delta.analyze(
            coded,
            points,
            values,
            num_resamples=max(2, resamples),
            y_resamples=min(len(values), DELTA_SAMPLE),
            method="delta",
            seed=seed,
        )
    found["names"] = list(problem["names"])
    return found


def _rbd_fast(problem: Any, points: Array, values: Array, seed: int, resamples: int, _: bool) -> Any:
    from SALib.analyze import rbd_fast

    return rbd_fast.analyze(problem, points, values, num_resamples=max(2, resamples), seed=seed)


_ANALYSES: Final = {
    "morris": _morris,
    "sobol": _sobol,
    "pawn": _pawn,
    "delta": _delta,
    "rbd_fast": _rbd_fast,
}
