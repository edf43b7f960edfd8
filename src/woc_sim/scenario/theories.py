"""Rival theories by name. A scenario holds names; kernels get the codes of `woc_sim.inputs.theories`."""

from collections.abc import Mapping
from typing import Final

from woc_sim.inputs.theories import theories

THEORIES: Final[Mapping[str, Mapping[str, int]]] = {
    subject: {name: one.code for name, one in rivals.items()} for subject, rivals in theories().items()
}
"""Subject -> name of a theory -> its code."""


def default_theories() -> dict[str, str]:
    """The theory that each subject starts with."""
    return {
        subject: next(name for name, one in rivals.items() if one.is_default)
        for subject, rivals in theories().items()
    }


def theory_codes(chosen: Mapping[str, str]) -> dict[str, int]:
    """Subject -> code for the kernels; KeyError for a name that the parser would have refused."""
    return {subject: rivals[chosen[subject]] for subject, rivals in THEORIES.items()}
