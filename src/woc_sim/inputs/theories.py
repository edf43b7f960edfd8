"""The catalogue of rival theories: theories.csv, and the codes by which rules tell them apart.

Each subject has rivals, one of which is the default. A rule looks up the codes of the rivals that it knows
with `code` when its module is imported, has a branch for each, and gives nan for any other code (no, where it
answers yes or no).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from woc_sim.inputs.reading import read_rows

FILE: Final = "theories.csv"
HEADER: Final = ("subject", "name", "default", "package", "claim", "source")


class Theory(NamedTuple):
    """One theory: the subject on which it has rivals, its name and what it claims.

    code: the number by which compiled rules know it, unique in its subject. No result holds it.
    was_default: whether it was the default of its subject before a package took its place.
    package: the mechanism that it is a part of, together with theories of other subjects; empty for none.
    """

    subject: str
    name: str
    code: int
    is_default: bool
    was_default: bool
    package: str
    claim: str
    source: str


@cache
def theories() -> Mapping[str, Mapping[str, Theory]]:
    """Subject -> name -> theory, in the order of the table.

    Raises ValueError if the shipped table is at fault: a theory twice, or a subject without rivals or with
    other than one default.
    """
    found: dict[str, dict[str, Theory]] = {}
    for row in read_rows(FILE, HEADER):
        subject, name = row.text("subject"), row.text("name")
        if not (subject.isidentifier() and name.isidentifier()):
            raise row.fault(f"{subject} {name} is no pair of names")
        rivals = found.setdefault(subject, {})
        if name in rivals:
            raise row.fault(f"{subject} {name} appears twice")
        default = row.choice("default", ("yes", "before", ""))
        package = row.text("package", empty=True)
        if package and any(one.package == package for one in rivals.values()):
            raise row.fault(f"a package has at most one theory of a subject ({package})")
        rivals[name] = Theory(
            subject,
            name,
            len(rivals),
            default == "yes",
            default == "before",
            package,
            row.text("claim"),
            row.text("source"),
        )
    for subject, rivals in found.items():
        if len(rivals) < 2 or sum(one.is_default for one in rivals.values()) != 1:
            raise ValueError(f"{FILE}: {subject} needs two theories or more, and one default")
        in_package = any(one.is_default and one.package for one in rivals.values())
        if sum(one.was_default for one in rivals.values()) != in_package:
            raise ValueError(f"{FILE}: {subject} needs one default from before its package, or no package")
    return MappingProxyType({subject: MappingProxyType(rivals) for subject, rivals in found.items()})


class Package(NamedTuple):
    """A mechanism that theories of several subjects make together.

    is_default: whether these theories are the defaults of their subjects.
    theories: its theories as pairs of subject and name, in the order of the table.
    before: the defaults of the same subjects before the package was the default; empty for rivals.
    """

    name: str
    is_default: bool
    theories: tuple[tuple[str, str], ...]
    before: tuple[tuple[str, str], ...]


@cache
def packages() -> Mapping[str, Package]:
    """Package by its name, in the order of the table.

    Raises ValueError if the shipped table has a package of which only a part is the default.
    """
    members: dict[str, list[Theory]] = {}
    for rivals in theories().values():
        for one in rivals.values():
            if one.package:
                members.setdefault(one.package, []).append(one)
    found = {}
    for name, parts in members.items():
        is_default = parts[0].is_default
        if any(one.is_default is not is_default for one in parts):
            raise ValueError(f"{FILE}: of package {name} a part is the default and a part is not")
        before = [one for part in parts for one in theories()[part.subject].values() if one.was_default]
        found[name] = Package(
            name,
            is_default,
            tuple((one.subject, one.name) for one in parts),
            tuple((one.subject, one.name) for one in before),
        )
    return MappingProxyType(found)


def code(subject: str, name: str) -> int:
    """The code of a theory, for the branches of a rule. Raises ValueError for one that the table has not."""
    rivals = theories().get(subject, {})
    if name not in rivals:
        raise ValueError(f"{FILE} has no theory {name!r} of {subject!r}")
    return rivals[name].code
