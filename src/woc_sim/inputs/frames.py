"""Frames: ways to say what integration is (diagnostic) and who is to act (prognostic).

`frames.csv` alone says which frames there are. A frame's position among those of its sort is its code in
columns and kernels, which look it up by name: `MIGRANTS_ONLY = prognostic_frame("migrants_only")`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from woc_sim.inputs.reading import Row, read_rows, refuse_twins
from woc_sim.inputs.sectors import DIMENSIONS, sectors


@dataclass(frozen=True, slots=True)
class DiagnosticFrame:
    """A way to say what integration is; an organisation may hold several.

    `label` is its name in sentences. `tilt`: where it stands between exclusive (-1) and inclusive (1).
    `sector`: the need that it names, empty if it names no single one. `looks_at`: how much it looks at each
    of DIMENSIONS, sum 1.
    """

    frame: str
    label: str
    tilt: float
    sector: str
    looks_at: tuple[float, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PrognosticFrame:
    """A way to say who is to act; an organisation holds one most of all.

    `label` is its name in sentences. Its weight is the parameter `frames.<frame>`; `tilted_by` is the
    parameter (of the same subject) that says how the weight changes with ideology, empty if it does not.
    """

    frame: str
    label: str
    tilted_by: str
    source: str


@cache
def _table() -> tuple[tuple[DiagnosticFrame, ...], tuple[PrognosticFrame, ...]]:
    file = "frames.csv"
    header = ("kind", "frame", "label", "tilt", "tilted_by", "sector", *DIMENSIONS, "source")
    diagnostic, prognostic = [], []
    rows = read_rows(file, header)
    for row in rows:
        if row.choice("kind", ("diagnostic", "prognostic")) == "diagnostic":
            diagnostic.append(_diagnostic(row))
        else:
            names = row.text("frame"), row.text("label"), row.text("tilted_by", empty=True)
            prognostic.append(PrognosticFrame(*names, row.text("source")))
    refuse_twins(file, [(row.text("kind"), row.text("frame")) for row in rows])
    return tuple(diagnostic), tuple(prognostic)


def _diagnostic(row: Row) -> DiagnosticFrame:
    looks_at = tuple(row.number_in(name, 0, 1) for name in DIMENSIONS)
    if abs(sum(looks_at) - 1.0) > 1e-9:
        raise row.fault(f"{', '.join(DIMENSIONS)} sum to {sum(looks_at):g}, not to 1")
    return DiagnosticFrame(
        row.text("frame"),
        row.text("label"),
        row.number_in("tilt", -1, 1),
        row.choice("sector", ("", *(one.sector for one in sectors()))),
        looks_at,
        row.text("source"),
    )


def diagnostic_frames() -> tuple[DiagnosticFrame, ...]:
    """All diagnostic frames in the order of the catalogue. Raises ValueError if the shipped table is at
    fault."""
    return _table()[0]


def prognostic_frames() -> tuple[PrognosticFrame, ...]:
    """All prognostic frames in the order of the catalogue. Raises ValueError if the shipped table is at
    fault."""
    return _table()[1]


@cache
def diagnostic_frame(name: str) -> int:
    """Code of a diagnostic frame; KeyError if there is none of that name."""
    return {one.frame: code for code, one in enumerate(diagnostic_frames())}[name]


@cache
def prognostic_frame(name: str) -> int:
    """Code of a prognostic frame; KeyError if there is none of that name."""
    return {one.frame: code for code, one in enumerate(prognostic_frames())}[name]
