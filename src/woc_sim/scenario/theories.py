"""Rival theories by name. A scenario holds names; kernels get the codes of `woc_sim.rules.theories`."""

from collections.abc import Mapping
from typing import Final

from woc_sim.rules import theories as code

THEORIES: Final[Mapping[str, Mapping[str, int]]] = {
    "influence": {
        "friedkin_johnsen": code.FRIEDKIN_JOHNSEN,
        "bounded_confidence": code.BOUNDED_CONFIDENCE,
        "none": code.NO_INFLUENCE,
    },
    "contact": {"moderated": code.MODERATED, "unmoderated": code.UNMODERATED, "none": code.NO_CONTACT},
    "threat": {"rate": code.THREAT_RATE, "stock": code.THREAT_STOCK, "none": code.NO_THREAT},
    "rrp": {
        "interaction": code.INTERACTION,
        "balance_of_power": code.BALANCE_OF_POWER,
        "penalty": code.PENALTY,
    },
    "substitution": {"crowding_out": code.CROWDING_OUT, "need_only": code.NEED_ONLY},
    "elections": {"fixed": code.FIXED, "endogenous": code.ENDOGENOUS},
}
"""Subject -> name of a theory -> its code; the first of each subject is the default."""


def default_theories() -> dict[str, str]:
    """The theory that each subject starts with."""
    return {subject: next(iter(rivals)) for subject, rivals in THEORIES.items()}


def theory_codes(chosen: Mapping[str, str]) -> dict[str, int]:
    """Subject -> code for the kernels; KeyError for a name that the parser would have refused."""
    return {subject: rivals[chosen[subject]] for subject, rivals in THEORIES.items()}
