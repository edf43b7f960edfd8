"""The catalogue of parameters that are calibrated together, and the cube that the designs live in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from woc_sim.ensemble.sampling import parameter_names
from woc_sim.errors import UserError
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]

CALIBRATED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "policy.ideology": "weight of own ideology: gap between colours (D4)",
        "policy.politicisation": "multiplies own ideology; the first search could not tell the two apart",
        "policy.opinion": "weight of believed opinion, the rival of own ideology (S52)",
        "policy.party": "weight of supporting parties, the rival of own ideology (S52)",
        "policy.rrp": "pressure of radical-right seats: politics' share of variance (D4, D6)",
        "policy.lobby": "weight of lobbying: the way in which interactions reach decisions",
        "policy.mayor_spread": "how far mayors differ from their party: variance that no colour explains",
        "policy.need": "weight of unmet need: at the end of the range of the first search",
        "policy.cost": "weight of cost over capacity: level of the index and gap between sizes (S47, D5)",
        "policy.room": "wish for newcomers where hands and tenants are short: gaps between places (S47, D5)",
        "policy.binding": "how far a duty binds: variance between countries (D3)",
        "policy.push": "utility of complying with a duty: variance between countries (D3)",
        "policy.steep": "steepness of decisions: spread of the index and zeros (S47, D13)",
        "policy.adopt": "speed of adoption against dropping: level of the index (S47)",
        "policy.staff_base": "staff of every town hall: level of rural places (D5)",
        "policy.staff_per_1000": "growth of staff with size: gap between sizes (D5); at the end of its range",
        "policy.usual_spending": "how means depend on the country: variance between countries (D3)",
        "civil_society.base": "will of organisations without a reason: counts of housing and work (S70, S71)",
        "civil_society.need": "push from unmet need: non-public action without public one (S70, S71)",
        "civil_society.tradition": "push from a third-sector tradition: counts of fields (S70, S71)",
        "business.base": "will of firms without a reason: counts of work (S71)",
        "diffusion.start": "know-how at the start: level of rare components (D13)",
        "instruments.provision_counted": "share of provision by law that the index counts: components (D13)",
        "instruments.response_cut_mixed": "cut of the response class, set to its margin (S46)",
        "instruments.response_cut_inclusive": "cut of the response class, set to its margin (S46)",
        "instruments.work_cut_difficult": "cut of access to work, set to its margin (S62, S63)",
        "instruments.home_cut_difficult": "cut of access to housing, set to its margin (S62, S63)",
        "instruments.home_cut_extreme": "cut of access to housing, set to its margin (S62, S63)",
        "instruments.impression": "halo of the ratings: correlation of the two ratings (S106)",
        "population.attitude_mean": "level of attitudes to non-Europeans (S79)",
        "population.individual": "spread of attitudes (S79)",
        "attitudes.grievance": "grievance where people leave: level and spread of attitudes (S79)",
        "frames.migrants_only": "level of this frame (S40)",
        "frames.whole_community": "level of this frame (S41)",
        "frames.tilt_migrants_only": "how frames change with ideology: the conservative reading",
        "frames.tilt_whole": "how frames change with ideology: the progressive reading",
        "encounters.helper_match": "chance of a helper: residents who see almost no relations (S86)",
        "work.base": "chance of a job: curve of employment (M14)",
        "work.room": "how far need of hands opens employers: margins of access to work (S62, S63), M14",
        "housing.room": "how far need of tenants opens landlords: margins of access to housing (S62, S63)",
        "experience.leave": "chance to move on: yearly onward moves (M29)",
        "learning.rate": "speed of learning: curve of language (M19)",
    }
)
"""Full name -> why it is calibrated. Two numbers that steer the statistics are inputs and no parameters, so
they stay fixed: the ideology of executives by colour (inputs/labels.csv) and how easily a kind of
organisation is met (`meets` in inputs/organisations.csv)."""

EXCHANGEABLE: Final = (
    ("instruments.response_cut_mixed", "instruments.response_cut_inclusive"),
    ("instruments.home_cut_difficult", "instruments.home_cut_extreme"),
)
"""Pairs of parameters that can change places without effect: an instrument counts how many of the two cuts
are passed. The waves look at both orders; a set has the lower value first, so that each cut means what its
name says."""


@dataclass(frozen=True)
class Space:
    """The ranges of some parameters, seen as a cube: every parameter from 0 (low end) to 1 (high end)."""

    names: tuple[str, ...]
    low: Array
    high: Array

    def values(self, units: Array) -> Array:
        """Values of the parameters at points of the cube."""
        found: Array = self.low + units * (self.high - self.low)
        return found

    def units(self, values: Array) -> Array:
        """Points of the cube at values of the parameters."""
        found: Array = (values - self.low) / (self.high - self.low)
        return found

    def in_order(self, units: Array) -> Array:
        """The same points with the lower value first in each pair of `EXCHANGEABLE`."""
        values = self.values(units)
        for pair in EXCHANGEABLE:
            if set(pair) <= set(self.names):
                columns = [self.names.index(name) for name in pair]
                values[..., columns] = np.sort(values[..., columns], axis=-1)
        return self.units(values)

    def scenario(self, base: Scenario, unit: Array) -> Scenario:
        """The scenario with the values of one point of the cube."""
        changed = dict(zip(self.names, map(float, self.values(unit)), strict=True))
        return replace(base, parameters={**base.parameters, **changed})

    def default(self) -> Array:
        """The default values as a point of the cube."""
        return self.units(np.array([registry()[name].value for name in self.names]))


def space_named(names: Iterable[str]) -> Space:
    """The cube of the parameters of these full names, without those that have no range."""
    known = registry()
    varied = tuple(name for name in names if known[name].low < known[name].high)
    low, high = (np.array([getattr(known[name], end) for name in varied]) for end in ("low", "high"))
    return Space(varied, low, high)


def space_of(over: Sequence[str] = ()) -> Space:
    """The cube of the named parameters or subjects; of `CALIBRATED` if none is named.

    Raises UserError for an unknown name, and if fewer than two of them have a range.
    """
    space = space_named(parameter_names(over) if over else CALIBRATED)
    if (count := len(space.names)) < 2:
        raise UserError(f"over={','.join(over)} has {count} parameters with a range; name at least two")
    return space


def first_design(dimension: int, points: int, seed: int) -> Array:
    """Points that fill the cube evenly (scrambled Sobol sequence, Owen 1998); the same for the same seed.

    A larger number of points keeps those of a smaller one. Shape (points, dimension).
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(dimension, scramble=True, rng=seed + 1)
    units: Array = engine.random_base2(max(1, (points - 1).bit_length()))[:points]
    return units
