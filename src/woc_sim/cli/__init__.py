"""The command line: `woc-sim <command> [settings]`, with one module for each command."""

from pathlib import Path
from typing import Final

CONF: Final = Path(__file__).resolve().parent.parent / "conf"
"""The folder of configuration files."""
