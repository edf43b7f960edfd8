"""What is wrong with a saved figure, as far as a program can see it: texts that are cut off or cover one
another, axes without a label, names of columns, empty panels, numbers of too many digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text

from woc_sim.figures import style

RAW = re.compile(r"[A-Za-z0-9]_[A-Za-z0-9]|\d\.\.\d|\bnan\b")
"""A name of a column or a unit of the registry where words belong, or a number that is none."""
MAX_NUMBER = 9
"""Characters of a number at an axis."""
TOUCH = 1.5
"""Pixels by which the boxes of two texts may overlap: boxes are a little larger than letters."""


def faults(figure: Figure, typed: str = "") -> list[str]:
    """Everything wrong with a saved figure. typed: what a user typed, which a picture repeats as it is."""
    with style.project_style():  # texts are measured as they were drawn
        return _faults(figure, typed)


def _faults(figure: Figure, typed: str) -> list[str]:
    return [
        *_cut_off(figure),
        *_covered(figure),
        *_raw_names(figure, typed),
        *_unlabelled(figure),
        *_long_numbers(figure),
        *_blank(figure),
        *(
            []
            if any(text.get_gid() == "title" and text.get_text() for text in figure.texts)
            else ["no title"]
        ),
    ]


def texts(figure: Figure) -> list[Text]:
    """The texts that are drawn, without those of ticks beyond an axis."""
    found = [*figure.texts]
    for legend in [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]:
        found += [*legend.get_texts(), legend.get_title()]
    for axes in figure.axes:
        if not axes.get_visible():
            continue
        found += [*axes.texts, axes.title, axes._left_title, axes._right_title]
        if not axes.axison:
            continue
        for axis in _axes_of(axes):
            found.append(axis.label)
            found += [label for tick in axis._update_ticks() for label in (tick.label1, tick.label2)]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _axes_of(axes: Axes) -> tuple[Axis, Axis]:
    return axes.xaxis, axes.yaxis


def _boxes(figure: Figure, found: list[Text]) -> np.ndarray:
    renderer = figure.canvas.get_renderer()
    return np.array([text.get_window_extent(renderer).extents for text in found])


def _cut_off(figure: Figure) -> Iterator[str]:
    found = texts(figure)
    width, height = figure.bbox.width, figure.bbox.height
    for text, (left, bottom, right, top) in zip(found, _boxes(figure, found), strict=True):
        if left < -0.5 or bottom < -0.5 or right > width + 0.5 or top > height + 0.5:
            yield f"cut off: {text.get_text()!r}"


def _covered(figure: Figure) -> Iterator[str]:
    found = [text for text in texts(figure) if text.get_rotation() % 90 == 0]
    boxes = _boxes(figure, found)
    for index, (left, bottom, right, top) in enumerate(boxes):
        later = boxes[index + 1 :]
        across = np.minimum(right, later[:, 2]) - np.maximum(left, later[:, 0])
        up = np.minimum(top, later[:, 3]) - np.maximum(bottom, later[:, 1])
        for other in np.flatnonzero((across > TOUCH) & (up > TOUCH)):
            yield f"{found[index].get_text()!r} covers {found[index + 1 + other].get_text()!r}"


def _raw_names(figure: Figure, typed: str) -> Iterator[str]:
    for text in texts(figure):
        words = text.get_text()
        for each in typed.split():
            words = words.replace(each, "")
        if text.get_gid() != "about" and RAW.search(words):
            yield f"raw name: {words!r}"


def _unlabelled(figure: Figure) -> Iterator[str]:
    outside = any(text.get_gid() not in ("title", "about") for text in figure.texts)
    for axes in (each for each in figure.axes if each.get_visible() and each.axison):
        shared = {Axis.get_label_text(each) for side in "xy" for each in _siblings(axes, side)}
        for axis in _axes_of(axes):
            numbers = [text for text in _tick_texts(axis) if _is_number(text)]
            if numbers and not _is_calendar(numbers) and not axis.get_label_text():
                siblings = _siblings(axes, "x" if axis is axes.xaxis else "y")
                if not any(each.get_label_text() for each in siblings) and not (outside and not shared):
                    yield f"axis without a label: {numbers[:3]} in {axes.get_title(loc='left')!r}"


def _siblings(axes: Axes, side: str) -> list[Axis]:
    group = axes.get_shared_x_axes() if side == "x" else axes.get_shared_y_axes()
    return [getattr(each, f"{side}axis") for each in group.get_siblings(axes)]


def _tick_texts(axis: Axis) -> list[str]:
    return [
        label.get_text()
        for tick in axis._update_ticks()
        for label in (tick.label1, tick.label2)
        if label.get_visible() and label.get_text()
    ]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[\N{MINUS SIGN}+-]?[\d,]*\.?\d+(e[+-]?\d+)?", text) is not None


def _is_calendar(numbers: list[str]) -> bool:
    return all(re.fullmatch(r"20[0-3]\d", each) for each in numbers)


def _long_numbers(figure: Figure) -> Iterator[str]:
    for axes in figure.axes:
        for axis in _axes_of(axes):
            for text in _tick_texts(axis):
                if _is_number(text) and len(text) > MAX_NUMBER:
                    yield f"{len(text)} characters: {text}"


def _blank(figure: Figure) -> Iterator[str]:
    for axes in figure.axes:
        drawn = [*axes.lines, *axes.patches, *axes.images, *axes.collections, *axes.texts]
        if axes.get_visible() and not drawn:
            yield f"empty panel: {axes.get_title(loc='left')!r}"
