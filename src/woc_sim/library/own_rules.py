"""A rule of one's own, named from Python."""

from __future__ import annotations

import os

from woc_sim.scenario import fields
from woc_sim.scenario.own_rules import OwnRule, read_own_rule


def own_rule(reference: str) -> OwnRule:
    """A rule of one's own: ``scenario(theory={"contact": own_rule("my_rules.py:contact_effect")})``.

    Parameters
    ----------
    reference : ``FILE.py:FUNCTION``, or ``PACKAGE:NAME`` for an entry point of an installed package in the
        group ``woc_sim.rules``. docs/own-rules.md says which rules can be replaced and what they may ask for.

    Returns
    -------
    The rule. It is known by the name of its function and a hash of the text of its file. The text is executed
    when a scenario with it is run, not here.

    Raises
    ------
    UserError : if there is no such file or function, or if the file imports what a file of rules may not.
    """
    given = os.fspath(reference) if isinstance(reference, os.PathLike) else reference
    return read_own_rule(fields.text("the rule", given))
