"""Settings of every point of a grid of axes, without composing each point.

Hydra needs a tenth of a second to compose a point, so a grid of a few hundred points would take long before
anything runs. Axes seldom change the same settings. So each value of an axis is composed once, with the first
values of all other axes, and the changes are combined. If two axes change the same setting, every point is
composed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Final

SettingPath = tuple[str, ...]
Settings = dict[str, Any]
FlatSettings = dict[SettingPath, Any]

REMOVED: Final = object()
"""In changes: the setting is removed."""


def grid_points(
    lines: Sequence[Sequence[str]],
    counts: Sequence[int],
    compose: Callable[[Sequence[str]], Settings],
    value_of: Callable[[str], Any],
) -> Iterator[Settings]:
    """Settings of each point, in the order of `lines`.

    ``lines``: the overrides of each point, with the last axis varying fastest. ``counts``: number of values
    of each axis. ``compose``: composes the settings of one point and may raise. ``value_of``: reads the value
    of an override.
    """
    base = flatten(compose(lines[0]))
    changes = []
    for axis, count in enumerate(counts):
        stride = prod(counts[axis + 1 :])
        changes.append(
            _axis_changes([lines[index * stride] for index in range(count)], base, compose, value_of)
        )
    if _axes_overlap([set().union(*axis) for axis in changes]):
        yield from map(compose, lines)
        return
    for chosen in product(*changes):
        flat = dict(base)
        for changes_of_axis in chosen:
            flat.update(changes_of_axis)
        yield unflatten(flat)


def _axis_changes(
    lines: Sequence[Sequence[str]],
    base: FlatSettings,
    compose: Callable[[Sequence[str]], Settings],
    value_of: Callable[[str], Any],
) -> list[FlatSettings]:
    """What each value of an axis changes, with the first values of the other axes. If the first two values
    show that the axis sets one setting to a plain value, the others are not composed.
    """
    changes: list[FlatSettings] = [{}]
    position = 0  # position of the axis among the overrides, from the first two points
    setting_path: SettingPath | None = None
    for number, line in enumerate(lines[1:], start=1):
        if setting_path is not None and _is_plain(value := value_of(line[position])):
            changes.append({setting_path: value})
            continue
        changes.append(changes_between(base, flatten(compose(line))))
        if number == 1 and changes[1]:
            position = next(index for index, other in enumerate(lines[0]) if line[index] != other)
            setting_path = _setting_of(changes[1], line[position], value_of)
    return changes


def _setting_of(changed: FlatSettings, override: str, value_of: Callable[[str], Any]) -> SettingPath | None:
    """The setting that an override sets, if it changes exactly this one to its own value."""
    if len(changed) != 1:
        return None
    ((path, new_value),) = changed.items()
    value = value_of(override)
    is_named = override.partition("=")[0].lstrip("+") == ".".join(path)
    return path if is_named and type(value) is type(new_value) and value == new_value else None


def _is_plain(value: object) -> bool:
    """Whether Hydra leaves a value unchanged: a number, or a text without an interpolation."""
    return isinstance(value, int | float) or (isinstance(value, str) and "${" not in value)


def flatten(settings: Mapping[str, Any], parent: SettingPath = ()) -> FlatSettings:
    """Settings by path; an empty mapping counts as a value."""
    flat: FlatSettings = {}
    for name, value in settings.items():
        path = (*parent, str(name))
        flat.update(flatten(value, path) if isinstance(value, Mapping) and value else {path: value})
    return flat


def unflatten(flat: FlatSettings) -> Settings:
    """Nested settings from those of `flatten` and changes."""
    settings: Settings = {}
    for path, value in flat.items():
        if value is REMOVED:
            continue
        branch = settings
        for name in path[:-1]:
            branch = branch.setdefault(name, {})
        branch[path[-1]] = dict(value) if isinstance(value, Mapping) else value
    return settings


def changes_between(before: FlatSettings, after: FlatSettings) -> FlatSettings:
    """The changes that turn `before` into `after`."""
    changed = {
        path: value
        for path, value in after.items()
        if path not in before or type(before[path]) is not type(value) or before[path] != value
    }
    return {path: REMOVED for path in before if path not in after} | changed


def _axes_overlap(touched: Sequence[set[SettingPath]]) -> bool:
    """Whether an axis changes a setting that equals, or contains, a setting of another axis."""
    for number, paths in enumerate(touched):
        parents = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
        for other_number, other in enumerate(touched):
            if other_number != number and parents & other:
                return True
    return False
