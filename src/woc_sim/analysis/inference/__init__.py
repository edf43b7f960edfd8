"""Inference: which values of the parameters the fit statistics leave standing, and how sure that is.

The chain is history matching (Craig et al. 1997; Vernon, Goldstein and Bower 2010) with Gaussian-process
emulators, then a synthetic likelihood (Wood 2010) inside the region that is left. Modules: `parameters` (what
is calibrated), `studies` (runs of the points of a wave), `emulators`, `matching` (implausibility),
`sampling` (points of a region), `waves`, `posterior`, `folds`.

This package reads published numbers from `woc_sim.analysis.fit_statistics` only. It imports no check, no
scoreboard and no other evidence, so that no held-out finding can enter a calibration (import contract in
pyproject.toml).
"""
