"""Our explanations of findings that the model does not reproduce, or that it reproduces without mechanisms.

They were written after the results were seen. They are shown beside a verdict; no check, rule or parameter
uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from woc_sim.records import yaml_settings

FILE: Final = Path(__file__).with_name("explanations.yaml")
NO_EXPLANATION: Final = "Not explained yet."


@cache
def explanations() -> Mapping[str, str]:
    """Our explanations by the id of the finding."""
    found: dict[str, str] = yaml_settings(FILE, "install woc-sim again")
    return found
