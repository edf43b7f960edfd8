"""woc-sim: small and medium-sized localities, their newcomers and their governance, month by month.

The public names below are imported on first use, so that `import woc_sim` and the command line's help stay quick.
"""

from importlib import import_module

__version__ = "0.1.0"

_PUBLIC: dict[str, str] = {
    "UserError": "woc_sim.errors",
}

__all__ = ["UserError", "__version__"]


def __getattr__(name: str) -> object:
    """Import a public name from the module that defines it."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
