"""Why a finding does not emerge, or emerges without the mechanisms, as we read it: words beside a verdict.

They were written after results had been seen and judge nothing: no measure, rule or parameter reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from woc_sim.records import yaml_settings

FILE: Final = Path(__file__).with_name("explanations.yaml")
NO_EXPLANATION: Final = "No reading of ours yet."


@cache
def explanations() -> Mapping[str, str]:
    """Our reading by the id of the finding."""
    found: dict[str, str] = yaml_settings(FILE, "install woc-sim again")
    return found
