"""Emulators: a fast guess of each fit statistic at any point of the cube, with its uncertainty.

Each statistic has a Gaussian process of its own (scikit-learn): a line in the parameters that matter for it,
a smooth deviation from the line (Matern 5/2, one length for each parameter) and a nugget for the parameters
that are left out. The replicate noise of a point is known from repeated studies and enters as the variance of
its observation. So a prediction is about the mean of many studies and not about one study. Source: Vernon,
Goldstein and Bower 2010; Andrianakis et al. 2015.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, Any]

FEWEST_ACTIVE, MOST_ACTIVE = 2, 8
"""Parameters of which an emulator is a function: those that a lasso on lines and squares keeps."""
POINTS_FOR_LENGTHS: Final = 200
"""Points from which the lengths of a process are estimated; its predictions use all points."""
MIN_POINTS: Final = 20
"""Fewest points with a finite statistic from which it is emulated."""
SMALLEST_EIGENVALUE: Final = 0.02
"""Directions of the kernel matrix with an eigenvalue below this share of the smallest noise variance are left
out of predicted variances, which changes them by less than a hundredth."""
WIDE: Final = 3.0
"""Leave-one-out errors should lie within this number of standard deviations."""


@dataclass(frozen=True)
class Emulator:
    """The emulator of one statistic.

    ``active``: columns of the cube that it reads; the cube has ``dimension`` of them. ``theta``: logarithms
    of the kernel's numbers, from which the same emulator can be built again.
    """

    active: Array
    theta: Array
    centre: float
    scale: float
    process: Any
    nugget: float
    dimension: int

    def predict(self, units: Array) -> tuple[Array, Array]:
        """Mean and variance of the statistic's mean over many studies, at points of the cube.

        As the process's own `predict`, several times faster: samplers ask for millions of points.
        """
        line, smooth, lengths, noise = self._numbers
        x = _scaled(units[:, self.active])
        to_design = _covariance(x, self.process.X_train_, line, smooth, lengths)
        mean = to_design @ self.process.alpha_
        prior = line * (1.0 + (x**2).sum(axis=1)) + smooth + noise
        known = to_design @ self._factor
        variance = np.maximum(prior - (known**2).sum(axis=1), 0.0)
        return self.centre + self.scale * mean, self.scale**2 * variance

    @cached_property
    def _numbers(self) -> tuple[float, float, Array, float]:
        """Variances of line and smooth deviation, lengths, and variance of the nugget."""
        kernel = self.process.kernel_
        line, smooth = kernel.k1.k1.k1.constant_value, kernel.k1.k2.k1.constant_value
        lengths = np.broadcast_to(kernel.k1.k2.k2.length_scale, self.active.shape)
        return float(line), float(smooth), lengths, float(kernel.k2.noise_level)

    @cached_property
    def _factor(self) -> Array:
        """F, for which the squares of (covariance with the design) F add up to the variance that the design
        takes away: its inverse in the directions of the kernel matrix that are larger than the noise."""
        from scipy.linalg import cho_solve, eigh

        line, smooth, lengths, noise = self._numbers
        design = self.process.X_train_
        values, vectors = eigh(_covariance(design, design, line, smooth, lengths))
        least = noise + float(np.min(self.process.alpha))
        basis = vectors[:, values > SMALLEST_EIGENVALUE * least]
        factor: Array = basis @ np.linalg.cholesky(basis.T @ cho_solve((self.process.L_, True), basis))
        return factor

    def leave_one_out(self) -> Array:
        """Standardised error at every point of the design, when the emulator does not know this point.

        The closed form for a Gaussian process (Rasmussen and Williams 2006, 5.12) at its estimated lengths.
        """
        from scipy.linalg import cho_solve

        lower = self.process.L_
        inverse = cho_solve((lower, True), np.eye(len(lower)))
        errors: Array = (inverse @ self.process.y_train_) / np.sqrt(np.diag(inverse))
        return errors


def replicate_variance(values: Array, point: Array) -> float:
    """Variance of a statistic between studies at one point, pooled over points with several studies; nan if
    there is none."""
    squares, free = 0.0, 0
    for each in np.unique(point):
        found = values[(point == each) & np.isfinite(values)]
        if len(found) > 1:
            squares += float(((found - found.mean()) ** 2).sum())
            free += len(found) - 1
    return squares / free if free else np.nan


def fit_emulator(units: Array, values: Array, point: Array, known: Emulator | None = None) -> Emulator | None:
    """The emulator of one statistic; None if fewer than `MIN_POINTS` points have it or it does not vary.

    units: (points, parameters). values: the statistic of every study, with the number of its point in
    `point`. known: an emulator whose parameters and lengths are used again. Equal arguments give equal
    emulators.
    """
    noise = replicate_variance(values, point)
    finite = np.isfinite(values)
    used = np.unique(point[finite])
    if len(used) < MIN_POINTS:
        return None
    means = np.array([values[finite & (point == each)].mean() for each in used])
    counts = np.array([(finite & (point == each)).sum() for each in used])
    centre, scale = float(means.mean()), float(means.std())
    if scale < 1e-12:
        return None
    x, y = units[used], (means - centre) / scale
    error = np.full(len(y), 1e-8) if np.isnan(noise) else np.maximum(noise / scale**2 / counts, 1e-8)
    active = known.active if known is not None else active_parameters(x, y)
    if known is None:
        part = slice(None, None, -(-len(y) // POINTS_FOR_LENGTHS))
        theta = _process(x[part][:, active], y[part], error[part], None).kernel_.theta
    else:
        theta = known.theta
    # always from given lengths: an emulator that is built again from the stored ones is then the same to the
    # last bit
    process = _process(x[:, active], y, error, theta)
    nugget = float(process.kernel_.k2.noise_level) * scale**2
    return Emulator(active, theta, centre, scale, process, nugget, units.shape[1])


def active_parameters(units: Array, standardised: Array) -> Array:
    """Columns that a lasso on lines and squares keeps, at least `FEWEST_ACTIVE` and at most `MOST_ACTIVE`;
    the strongest by the sum of the absolute coefficients of line and square."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LassoCV

    x = _scaled(units)
    features = np.hstack([x, x**2 - 1 / 3])
    features = (features - features.mean(axis=0)) / np.maximum(features.std(axis=0), 1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        lasso = LassoCV(cv=5, alphas=30, max_iter=2000).fit(features, standardised)
    strength = np.abs(lasso.coef_).reshape(2, -1).sum(axis=0)
    if (strength > 0).sum() < FEWEST_ACTIVE:
        strength = np.abs(features.T @ standardised).reshape(2, -1).sum(axis=0)
        return np.sort(np.argsort(-strength, kind="stable")[:FEWEST_ACTIVE])
    kept = np.argsort(-strength, kind="stable")[: min(MOST_ACTIVE, int((strength > 0).sum()))]
    return np.sort(kept)


def kernel_of(active: int) -> Any:
    """The kernel of an emulator that reads so many parameters, before its numbers are estimated."""
    from sklearn.gaussian_process.kernels import ConstantKernel, DotProduct, Matern, WhiteKernel

    line = ConstantKernel(0.3, (1e-3, 1e2)) * DotProduct(1.0, "fixed")
    smooth = ConstantKernel(0.5, (1e-3, 1e2)) * Matern(np.full(active, 2.0), (0.3, 30.0), nu=2.5)
    return line + smooth + WhiteKernel(0.1, (1e-5, 2.0))


def _process(x: Array, y: Array, error: Array, theta: Array | None) -> Any:
    """A Gaussian process through points of the cube; its lengths are estimated unless `theta` is given."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor

    kernel = kernel_of(x.shape[1])
    if theta is not None:
        kernel = kernel.clone_with_theta(theta)
    process = GaussianProcessRegressor(
        kernel, alpha=error, optimizer=None if theta is not None else "fmin_l_bfgs_b"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at the end of its range is no fault
        return process.fit(_scaled(x), y)


def _covariance(first: Array, second: Array, line: float, smooth: float, lengths: Array) -> Array:
    """Covariance of the process of `_process`, without noise, between two lists of points."""
    one, other = first / lengths, second / lengths
    # One matrix of distances, changed in place: new ones for every step cost ten times the arithmetic.
    far = one @ other.T
    far *= -2.0
    far += (one**2).sum(axis=1)[:, None]
    far += (other**2).sum(axis=1)
    np.maximum(far, 0.0, out=far)
    far *= 5.0
    np.sqrt(far, out=far)
    found: Array = np.square(far)
    found /= 3.0
    found += far
    found += 1.0
    np.negative(far, out=far)
    np.exp(far, out=far)
    found *= far
    found *= smooth
    found += line * (first @ second.T + 1.0)
    return found


def _scaled(units: Array) -> Array:
    """Coordinates from -1 to 1."""
    scaled: Array = 2.0 * units - 1.0
    return scaled


def fit_emulators(
    units: Array, values: Array, point: Array, known: Sequence[Emulator | None] = ()
) -> list[Emulator | None]:
    """One emulator for each column of `values` (studies, statistics); see `fit_emulator`."""
    return [
        fit_emulator(units, values[:, column], point, known[column] if known else None)
        for column in range(values.shape[1])
    ]
