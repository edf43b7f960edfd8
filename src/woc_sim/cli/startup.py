"""Importing quickly: the collector rests while a hundred thousand objects that all stay are made.

Collecting during the imports of a run costs half a second and frees nothing.
"""

import gc


def rest_garbage() -> None:
    """Stop collecting until `collect_garbage`."""
    gc.disable()


def collect_garbage() -> None:
    """Collect again from here on, and never look at what was imported so far."""
    gc.freeze()
    gc.enable()
