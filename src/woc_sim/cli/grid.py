"""Settings of every point of a product of axes, without composing each.

Hydra takes a seventh of a second to compose, so a factorial of a few hundred points would keep its user
waiting before anything runs. Axes seldom touch the same settings: what each of their values changes is learnt
beside the first value of all others, and put together. Where two axes do touch the same settings, every point
is composed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Final

Path = tuple[str, ...]
Settings = dict[str, Any]
FlatSettings = dict[Path, Any]

REMOVED: Final = object()
"""In a change: the setting is not there."""


def grid_points(
    lines: Sequence[Sequence[str]],
    counts: Sequence[int],
    settle: Callable[[Sequence[str]], Settings],
    value_of: Callable[[str], Any],
) -> Iterator[Settings]:
    """Settings of each point, in the order of `lines`.

    ``lines`` are the overrides of each point, the last axis varying fastest; ``counts`` the numbers of values
    of the axes. ``settle`` composes the settings of one point and may raise; ``value_of`` reads the value of
    an override.
    """
    base = flatten(settle(lines[0]))
    changes = []
    for axis, count in enumerate(counts):
        stride = prod(counts[axis + 1 :])
        changes.append(
            _axis_changes([lines[place * stride] for place in range(count)], base, settle, value_of)
        )
    if _axes_overlap([set().union(*axis) for axis in changes]):
        yield from map(settle, lines)
        return
    for chosen in product(*changes):
        found = dict(base)
        for each in chosen:
            found.update(each)
        yield unflatten(found)


def _axis_changes(
    lines: Sequence[Sequence[str]],
    base: FlatSettings,
    settle: Callable[[Sequence[str]], Settings],
    value_of: Callable[[str], Any],
) -> list[FlatSettings]:
    """What each value of an axis changes, the others at their first. Plain values that are seen to be one
    setting each are composed twice only."""
    changes: list[FlatSettings] = [{}]
    own = 0  # where the axis stands among the overrides; read off the first two points
    plain: Path | None = None
    for number, line in enumerate(lines[1:], start=1):
        if plain is not None and _is_plain(value := value_of(line[own])):
            changes.append({plain: value})
            continue
        changes.append(changes_between(base, flatten(settle(line))))
        if number == 1 and changes[1]:
            own = next(place for place, other in enumerate(lines[0]) if line[place] != other)
            plain = _setting_of(changes[1], line[own], value_of)
    return changes


def _setting_of(changed: FlatSettings, override: str, value_of: Callable[[str], Any]) -> Path | None:
    """The setting that an override is seen to give its value to, if it changes that one alone."""
    if len(changed) != 1:
        return None
    ((path, found),) = changed.items()
    value = value_of(override)
    own = override.partition("=")[0].lstrip("+") == ".".join(path)
    return path if own and type(value) is type(found) and value == found else None


def _is_plain(value: object) -> bool:
    """Whether Hydra would leave a value as it is: a number or text without an interpolation."""
    return isinstance(value, int | float) or (isinstance(value, str) and "${" not in value)


def flatten(settings: Mapping[str, Any], above: Path = ()) -> FlatSettings:
    """Settings by their path; an empty mapping is a leaf."""
    found: FlatSettings = {}
    for name, value in settings.items():
        path = (*above, str(name))
        found.update(flatten(value, path) if isinstance(value, Mapping) and value else {path: value})
    return found


def unflatten(found: FlatSettings) -> Settings:
    """Settings from what `flatten` and changes hold."""
    settings: Settings = {}
    for path, value in found.items():
        if value is REMOVED:
            continue
        branch = settings
        for name in path[:-1]:
            branch = branch.setdefault(name, {})
        branch[path[-1]] = dict(value) if isinstance(value, Mapping) else value
    return settings


def changes_between(before: FlatSettings, after: FlatSettings) -> FlatSettings:
    """What makes `after` of `before`."""
    changed = {
        path: value
        for path, value in after.items()
        if path not in before or type(before[path]) is not type(value) or before[path] != value
    }
    return {path: REMOVED for path in before if path not in after} | changed


def _axes_overlap(touched: Sequence[set[Path]]) -> bool:
    """Whether a setting that one axis touches is, or lies above, a setting of another."""
    for place, own in enumerate(touched):
        above = {path[:depth] for path in own for depth in range(1, len(path) + 1)}
        for number, other in enumerate(touched):
            if number != place and above & other:
                return True
    return False
