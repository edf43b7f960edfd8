"""Organisations as Mesa agents: views on their rows, usable with Mesa's own sets."""

import pytest

from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario
from woc_sim.simulation import open_world


@pytest.mark.portable
def test_agents_show_their_rows_and_mesa_can_select_among_them():
    scenario = Scenario(localities=(from_case("C27"),), seed=4, people=80, months=18)
    with open_world(scenario, 0) as world:
        for _ in range(scenario.months):
            world.step()
        rows = world.localities[0].sets["organisations"]
        agents = [agent for agent in world.agents if agent.kind != "bloc"]
        assert len(agents) == len(rows)
        council = world.agents.select(lambda agent: agent.kind == "bloc")
        assert [agent.name for agent in council] == [f"bloc {number}" for number in range(1, 6)]
        assert sum(agent.seats for agent in council) == pytest.approx(1.0)
        assert {agent.radical_right for agent in council if agent.in_government} == {False}
        mayor = next(agent for agent in agents if agent.kind == "executive")
        assert mayor.name == "executive 1"
        assert mayor.ideology == rows.ideology[mayor.row]
        assert mayor.belief == rows.belief[mayor.row]
        assert mayor.engagement == rows.engagement[mayor.row]
        assert mayor.responsibility_frame in (
            "migrants_only",
            "institutions",
            "locals_and_migrants",
            "whole_community",
        )
        helpers = world.agents.select(lambda agent: agent.kind == "ngo")
        assert {agent.kind for agent in helpers} == {"ngo"}
        driven = [agent for agent in agents if "mission" in agent.traits]
        assert {"ngo", "provider"} <= {agent.kind for agent in driven} < {agent.kind for agent in agents}
        for agent in helpers:
            assert len(agent.initiatives) == int(rows.initiative[agent.row].sum())
        met = mayor.partners(meetings=0.5)
        assert mayor not in met
        assert all(mayor in partner.partners(meetings=0.5) for partner in met)
