"""Expert score of the 13 components of local integration policy (MIPEX-L; final working paper, section 3.3,
Table 4).

Nobody sets a score: it is counted from the measures in force and from what law and higher levels provide in
every municipality. The total is the plain mean of the 13, as in Table 4 (D14).
"""

from __future__ import annotations

from woc_sim.inputs.vocabulary import COMPONENTS
from woc_sim.instruments.summary import mean
from woc_sim.world.locality import Locality


def scores(locality: Locality) -> list[float]:
    """Scores 0-100 of the components, in the order of the vocabulary.

    `locality.info["provision"]` holds for each component the share of its content that is there without any
    decision.
    """
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
    provision = locality.info["provision"]
    return [
        100.0 * min(1.0, max(0.0, float(given) + (1.0 - float(given)) * own))
        for given, own in zip(provision, earned, strict=True)
    ]


def read(locality: Locality) -> dict[str, float]:
    """Total and component scores."""
    found = scores(locality)
    return {"mipex_total": mean(found)} | {
        f"mipex_{name}": score for name, score in zip(COMPONENTS, found, strict=True)
    }
