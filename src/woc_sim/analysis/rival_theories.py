"""Rival theories as they are compared: which rivals there are, and which plausible sets each of them has."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Final

from woc_sim.ensemble.plausible import PlausibleSets, read_sets, sets_named
from woc_sim.errors import UserError, nearest
from woc_sim.inputs.theories import Package, packages
from woc_sim.records import shown
from woc_sim.scenario.own_rules import OwnRule
from woc_sim.scenario.theories import THEORIES, default_theories

SETS_OF_DEFAULT: Final = "default.csv"
"""Table of plausible sets, in a folder of such tables, for rivals that have none of their own."""
MAX_JOINT: Final = 400
JOINT, PACKAGE = "joint", "package"
"""Subjects of rivals that differ from the default in more than one theory."""
NO_PACKAGE, EVERY_PACKAGE = "none", "all"
NO_RULES: Final[Mapping[str, Sequence[OwnRule]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rival:
    """A set of theories: its subject (`JOINT` in the joint grid, `PACKAGE` for packages), its name, and the
    theories that differ from the default."""

    subject: str
    name: str
    changed: tuple[tuple[str, str], ...]
    is_default: bool

    @property
    def theories(self) -> dict[str, str]:
        """The theory of every subject."""
        return default_theories() | dict(self.changed)

    @property
    def title(self) -> str:
        """What tells it from the others, in words for a line of progress."""
        if not self.changed:
            return "the default theories"
        if self.subject == PACKAGE:
            return f"{PACKAGE} {self.name}"
        return ", ".join(f"{subject} {name}" for subject, name in self.changed)


def check_subjects(names: Sequence[str], key: str = "subjects") -> tuple[str, ...]:
    """The subjects, or all of them if none is named. Raises UserError for an unknown one."""
    for name in names:
        if name not in THEORIES:
            hint = nearest(name, THEORIES) or f"there are {', '.join(THEORIES)}"
            raise UserError(f"{key}={name} has no rival theories; {hint}")
    return tuple(name for name in THEORIES if name in names or not names)


def distinct(chosen: Sequence[Rival]) -> list[Rival]:
    """The first rival of each set of theories, since several subjects have the same default."""
    found: dict[tuple[tuple[str, str], ...], Rival] = {}
    for one in chosen:
        found.setdefault(one.changed, one)
    return list(found.values())


def rivals_named(
    subjects: Sequence[str],
    grid: str = "alone",
    own: Mapping[str, Sequence[OwnRule]] = NO_RULES,
    chosen_packages: Sequence[str] = (),
) -> list[Rival]:
    """The rivals of the named subjects, or of all if none is named (see `rivals`); in a grid of packages the
    default and the named packages, or all of them.

    Raises UserError as `check_subjects` and `rivals`, for subjects beside a grid of packages, for packages
    beside another grid, and for an unknown package.
    """
    if chosen_packages and grid != "packages":
        raise UserError(f"packages={','.join(chosen_packages)} needs grid=packages")
    if subjects and grid == "packages":
        raise UserError("grid=packages compares whole packages of theories; leave out subjects")
    found = rivals(check_subjects(subjects), grid, own)
    known = {one.name for one in found} - {NO_PACKAGE}
    for name in chosen_packages:
        if name not in known:
            hint = nearest(name, known) or f"there are {', '.join(sorted(known))}"
            raise UserError(f"packages={name} is not known; {hint}")
    return [one for one in found if not chosen_packages or one.name in {*chosen_packages, NO_PACKAGE}]


def package_rival(package: Package) -> Rival:
    """The default with a package of rivals, or without a package that it has ("without NAME")."""
    if package.is_default:
        return Rival(PACKAGE, f"without_{package.name}", package.before, False)
    return Rival(PACKAGE, package.name, package.theories, False)


def rivals(
    subjects: Sequence[str], grid: str = "alone", own: Mapping[str, Sequence[OwnRule]] = NO_RULES
) -> list[Rival]:
    """The rivals of the subjects: each against the default of all others (grid alone), or all combinations of
    them (joint); or the default, the default with or without each package of theories, and with all packages
    together (packages).

    own: further rivals on a subject, rules of one's own. Raises UserError for a joint grid of more than
    `MAX_JOINT` combinations.
    """
    standard = default_theories()
    if grid == "packages":
        every = tuple(pair for one in packages().values() if not one.is_default for pair in one.theories)
        return [
            Rival(PACKAGE, NO_PACKAGE, (), True),
            *(package_rival(one) for one in packages().values()),
            Rival(PACKAGE, EVERY_PACKAGE, every, False),
        ]
    names_of = {subject: (*THEORIES[subject], *own.get(subject, ())) for subject in subjects}
    if grid == "alone":
        return [
            Rival(
                subject,
                name,
                () if name == standard[subject] else ((subject, name),),
                name == standard[subject],
            )
            for subject in subjects
            for name in names_of[subject]
        ]
    count = math.prod(map(len, names_of.values()))
    if count > MAX_JOINT:
        raise UserError(f"the joint grid has {count} combinations; name fewer subjects (up to {MAX_JOINT})")
    found = []
    for names in product(*names_of.values()):
        changed = tuple((s, name) for s, name in zip(subjects, names, strict=True) if name != standard[s])
        found.append(Rival(JOINT, " ".join(names), changed, not changed))
    return found


@dataclass(frozen=True)
class RivalSets:
    """Plausible sets of rivals. ``common``: those of all rivals that have no ``own``; None for the default
    parameters. ``own``: `Rival.changed` -> the sets that were calibrated under this rival."""

    common: PlausibleSets | None = None
    own: Mapping[tuple[tuple[str, str], ...], PlausibleSets] = field(default_factory=dict)

    def of(self, changed: tuple[tuple[str, str], ...]) -> PlausibleSets | None:
        """The sets of a rival."""
        return self.own.get(changed, self.common)

    @property
    def sentence(self) -> str:
        """Which parameters the rivals have."""
        if self.common is None:
            return "all rivals have the default parameters, which were chosen under the default theories"
        names = [" ".join(f"{subject} {name}" for subject, name in changed) for changed in self.own]
        if not names:
            return "all rivals have the same plausible sets"
        return f"{', '.join(names)}: plausible sets of their own; the others have those of {SETS_OF_DEFAULT}"


NO_SETS: Final = RivalSets()
"""All rivals have the default parameters."""


def sets_of_rivals(name: str | None, chosen: Sequence[Rival]) -> RivalSets:
    """The plausible sets that a setting names: none, `plausible` or a table for all rivals, or a folder with
    default.csv and a table for each rival that has its own, as contact.none.csv.

    Raises UserError as `read_sets`, and for a table in the folder that belongs to no rival.
    """
    if name is None or not os.path.isdir(name):  # False also for names that the system refuses
        return RivalSets(sets_named(name))
    folder = Path(name)
    files: dict[str, tuple[tuple[str, str], ...]] = {
        f"{subject}.{theory}.csv": ((subject, theory),)
        for subject, theories in THEORIES.items()
        for theory in theories
    }
    for path in sorted(folder.glob("*.csv")):
        if path.name not in files and path.name != SETS_OF_DEFAULT:
            hint = nearest(path.name, files) or f"name it as {next(iter(files))}"
            raise UserError(f"{shown(path)} belongs to no rival theory; {hint}")
    wanted = {one.changed for one in chosen}
    own = {
        changed: read_sets(folder / file)
        for file, changed in files.items()
        if changed in wanted and (folder / file).exists()
    }
    return RivalSets(read_sets(folder / SETS_OF_DEFAULT), own)
