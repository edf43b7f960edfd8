"""The command line: `woc-sim <command> [settings]`, one module a command."""

from pathlib import Path
from typing import Final

CONF: Final = (Path(__file__).parent.parent / "conf").resolve()
"""The shipped configuration."""
