"""Expert score of the 13 components of local integration policy (MIPEX-L; final working paper, section 3.3,
Table 4).

Nobody sets a score: it is counted from the measures in force and from what law and higher levels provide in
every municipality. The total is the plain mean of the 13, as in Table 4 (D14).
"""

from __future__ import annotations

from woc_sim.inputs.vocabulary import COMPONENTS
from woc_sim.instruments.summary import mean
from woc_sim.world.locality import Locality


def provision_counted(locality: Locality) -> list[float]:
    """Share of each component's content that the experts count although nobody in the place decided it.

    `locality.info["provision"]` holds what law and higher levels provide everywhere. An index of local policy
    counts only part of it, but all where the municipality has nothing to decide (health, I-28).
    """
    part = locality.parameters["instruments.provision_counted"]
    return [
        float(given) if component == "health" else part * float(given)
        for component, given in zip(COMPONENTS, locality.info["provision"], strict=True)
    ]


def scores(locality: Locality) -> list[float]:
    """Scores 0-100 of the components, in the order of the vocabulary."""
    measures = locality.measures
    earned = [0.0] * len(COMPONENTS)
    rows = zip(
        measures.component.tolist(),
        measures.direction.tolist(),
        measures.in_force.tolist(),
        measures.weight.tolist(),
        strict=True,
    )
    for component, direction, in_force, weight in rows:
        if in_force and direction > 0 and component >= 0:
            earned[component] += weight
    return [
        100.0 * min(1.0, max(0.0, given + (1.0 - given) * own))
        for given, own in zip(provision_counted(locality), earned, strict=True)
    ]


def read(locality: Locality) -> dict[str, float]:
    """Total and component scores."""
    found = scores(locality)
    return {"mipex_total": mean(found)} | {
        f"mipex_{name}": score for name, score in zip(COMPONENTS, found, strict=True)
    }
