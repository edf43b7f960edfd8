"""The columns that every ledger of a sweep has."""

from __future__ import annotations

from typing import Final

SET: Final = "set"
"""The column after the replicate that a ledger has too if runs have plausible sets of parameters."""
WAITING, DONE, FAILED = "waiting", "done", "failed"
LEDGER: Final = (
    "design_row",
    "status",
    "stage",
    "error",
    "message",
    "trace",
    "seconds",
    "model_hash",
    "case",
)
"""Columns of a ledger between the replicate and the readings."""
