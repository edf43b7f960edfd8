"""The command line: `woc-sim <command> [settings]`, with one module for each command."""

from woc_sim.scenario.words import CONF

__all__ = ["CONF"]
