"""Which process or theory each finding is ascribed to.

The file was written after the results were seen. It is a claim that can be wrong: with knock-outs, each
reproduced finding is judged again without its mechanism (`woc_sim.analysis.knockouts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from woc_sim.records import yaml_settings

THEORY: Final = "theory/"
"""Begin of a mechanism that is switched off by a rival theory (theory/contact=none), not by dropping a
process."""
FILE: Final = Path(__file__).with_name("mechanisms.yaml")


@cache
def mechanisms() -> Mapping[str, tuple[str, ...]]:
    """Finding -> the processes (or rival theories that switch them off) that make it together. Each of them
    is claimed to be necessary. A finding without a claim is not in it."""
    found = yaml_settings(FILE, "install woc-sim again")
    return {identifier: tuple(names) for identifier, names in found.items()}
