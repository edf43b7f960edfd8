"""The world: one Mesa model with a calendar and one to many localities. It is given its schedule."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from math import floor
from typing import Any, NoReturn, Protocol

import mesa
import numpy as np

from woc_sim.errors import UserError
from woc_sim.inputs.groups import groups
from woc_sim.inputs.tables import country
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.rules.curves import clip
from woc_sim.rules.gains import weighed
from woc_sim.scenario.own_rules import own_rules
from woc_sim.scenario.realise import Covariates, realise
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.theories import theory_codes
from woc_sim.world.columns import ColumnSet
from woc_sim.world.founding import found_institutions
from woc_sim.world.governance import LOCALITY
from woc_sim.world.history import arrivals_per_1000, placed
from woc_sim.world.locality import Locality
from woc_sim.world.organisations import Bloc, Organisation
from woc_sim.world.people_set import PeopleSet
from woc_sim.world.population import populate


class Turn(Protocol):
    """A process bound to one locality."""

    def step(self, month: int) -> None:
        """Live one month."""


Schedule = Callable[[Locality], Sequence[Turn]]


class World(mesa.Model):  # type: ignore[misc]
    """All localities of a scenario in one replicate.

    `localities` is a list in the scenario's order; `month` is the month just lived (-1 before the first).
    The world draws nothing from Mesa's generators: draws are addressed (`woc_sim.draws`). `agents` are the
    organisations and the council's blocs; people are columns, seen as `residents` and `migrants`. `running`
    ends with the scenario's last month, and a further step is refused. Between two months a world can be
    copied and pickled, and the copy lives on as the world would. The scenario is called `config`, since Mesa
    has a `scenario` of its own. Raises UserError for a scenario without localities.
    """

    def __init__(self, scenario: Scenario, replicate: int, schedule: Schedule) -> None:
        if not scenario.localities:
            raise UserError("localities is empty; a world needs one at least, e.g. scenario(case='C21')")
        super().__init__(rng=scenario.seed)
        self.config = scenario
        self.replicate = replicate
        self.month = -1
        self.localities: list[Locality] = []
        self._turns: list[Sequence[Turn]] = []
        for spec in scenario.localities:
            covariates = realise(spec, scenario.seed, replicate, scenario.parameters, scenario.theories)
            locality = build_locality(covariates, scenario, replicate)
            locality.info["agents"] = [
                Organisation(self, locality, row) for row in range(locality.sets["organisations"].count)
            ]
            blocs = range(locality.sets["blocs"].count)
            locality.info["blocs"] = [Bloc(self, locality, row) for row in blocs]
            self.localities.append(locality)
            self._turns.append(schedule(locality))

    def __copy__(self) -> World:
        """As deep as any: a shallow copy would be two models of one world."""
        return copy.deepcopy(self)

    @property
    def residents(self) -> PeopleSet:
        """All residents of all localities, as of now."""
        return self._people("residents", lambda rows: np.arange(rows.count))

    @property
    def migrants(self) -> PeopleSet:
        """The migrants who live in a locality now; who has left or died is in the columns only."""
        return self._people("migrants", lambda rows: np.flatnonzero(rows.present))

    def _people(self, kind: str, chosen: Callable[[ColumnSet], Any]) -> PeopleSet:
        return PeopleSet(kind, [(each, chosen(each.sets[kind])) for each in self.localities])

    def step(self) -> None:
        """Live one month in every locality, then exchange the bulletin of measures for the month after.

        Raises UserError after the last month.
        """
        self._refuse_after_the_end()
        self.month += 1
        for turns in self._turns:
            for turn in turns:
                turn.step(self.month)
        if len(self.localities) > 1:
            self._exchange()
        if self.month + 1 >= self.config.months:
            self.running = False
            self.close()

    def _wrapped_step(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_after_the_end()  # before Mesa counts the step
        super()._wrapped_step(*args, **kwargs)

    def _refuse_after_the_end(self) -> None:
        if self.month + 1 >= self.config.months:
            raise UserError(
                f"the world has lived its {self.config.months} months; make another one with more months "
                f"({MONTHS} at most)"
            )

    def reset_rng(self, *_: object, **__: object) -> NoReturn:
        """Refused (UserError): the world draws nothing from Mesa's generators."""
        raise UserError(
            "a world draws at addresses made of seed, replicate, place and month, and has no generator to "
            "reset; make another world with another seed or replicate"
        )

    reset_randomizer = reset_rng

    def _exchange(self) -> None:
        """Each locality hears, a month late, which share of the others has each measure."""
        forces = np.array(
            [locality.sets["measures"].in_force for locality in self.localities], dtype=np.int64
        )
        elsewhere = (forces.sum(axis=0) - forces) / (len(self.localities) - 1)
        for locality, shares in zip(self.localities, elsewhere, strict=True):
            locality.sets["measures"].bulletin[:] = shares

    def close(self) -> None:
        """Let Mesa forget the model: Mesa 3.3.1 keeps every model alive in a class attribute."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)


def _stance_of_executive(ideology: float, scenario: Scenario) -> float:
    """Ideology of an executive, -1..1, with the distance from the centre that the scenario gives to all."""
    gains = theory_codes(scenario.theories)["gains"]
    return clip(weighed(gains, ideology, scenario.parameters["gains.executives"]), -1.0, 1.0)


def build_locality(covariates: Covariates, scenario: Scenario, replicate: int) -> Locality:
    """One place as the replicate begins: people, places, institutions, nothing lived yet."""
    persons = (
        scenario.people if scenario.scale is None else floor(covariates.inhabitants * scenario.scale + 0.5)
    )
    persons = max(50, min(persons, floor(covariates.inhabitants)))
    row = ColumnSet("locality", LOCALITY, 1, 1)
    nation = country(covariates.framework)
    theories = theory_codes(scenario.theories)
    given: dict[str, Any] = {
        "inhabitants": covariates.inhabitants,
        "scale": persons / covariates.inhabitants,
        "rrp": covariates.rrp,
        "executive_ideology": _stance_of_executive(covariates.executive_ideology, scenario),
        "trend": covariates.trend,
        "foreign_2014": covariates.foreign_2014,
        "unemployment_base": covariates.unemployment,
        "unemployment": covariates.unemployment,
        "welfare_public": nation.welfare_public,
        "municipal_spending": nation.municipal_spending,
        "placed_share": placed(nation, theories),
        "waiting": nation.waiting_months,
        "residence_rule": nation.residence_months,
        "residents_now": covariates.inhabitants,
    }
    for name, value in given.items():
        row.buffer(name)[0] = value
    for code, one in enumerate(groups()):
        row.arrivals_per_1000[code] = arrivals_per_1000(one, nation, theories)
    locality = Locality(
        name=covariates.name,
        case=covariates.case,
        seed=scenario.seed,
        replicate=replicate,
        sets={"locality": row},
        parameters=dict(scenario.parameters),
        theories=theories,
        info={
            "covariates": covariates,
            "shocks": {
                "asylum": scenario.shocks.asylum,
                "ukrainians": scenario.shocks.ukrainians,
                "covid": scenario.shocks.covid,
                "media": scenario.shocks.media,
                "wave": scenario.shocks.wave,
            },
        },
        own_rules=own_rules(scenario.theories),
    )
    populate(locality, persons)
    found_institutions(locality, covariates.framework)
    return locality
