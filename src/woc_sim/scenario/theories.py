"""Rival theories by name. A scenario holds names; kernels get the codes of `woc_sim.inputs.theories`."""

from collections.abc import Mapping
from typing import Final

from woc_sim.errors import UserError
from woc_sim.inputs.theories import theories
from woc_sim.records import shown
from woc_sim.scenario import fields
from woc_sim.scenario.own_rules import OwnRule, arguments_of, is_reference, recorded, require_replaceable

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


def theory_named(key: str, subject: str, name: object) -> str:
    """The theory of a subject that a setting names: one of its rivals, or a rule of one's own by its
    identity.

    A setting is data, perhaps from others, so it cannot name a file with code. Raises UserError.
    """
    rule = recorded(name)
    if rule is not None:
        require_replaceable(subject)
        if rule.source:
            arguments_of(rule, subject)
        return rule
    if is_reference(name) and name not in THEORIES[subject]:
        raise UserError(
            f"{key} is {fields.shown_value(name)}, and code is named on the command line, not in settings: "
            f"theory/{subject}={shown(name)}, or in Python woc_sim.own_rule({shown(repr(name))})"
        )
    return fields.choice(key, name, THEORIES[subject])


def theory_codes(chosen: Mapping[str, str]) -> dict[str, int]:
    """Subject -> code for the kernels; KeyError for a name that the parser would have refused.

    A rule of one's own replaces one rule of its subject; the others do as in the default theory.
    """
    standard = default_theories()
    return {
        subject: rivals[standard[subject] if isinstance(chosen[subject], OwnRule) else chosen[subject]]
        for subject, rivals in THEORIES.items()
    }
