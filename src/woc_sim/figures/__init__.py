"""Pictures of the results: one style, one file for each subject, and the report with all pictures."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

from woc_sim.cache import cache_root
from woc_sim.isolation import file_hidden

_OURS = str(Path(__file__).with_name("matplotlibrc"))

if "MPLCONFIGDIR" not in os.environ and not os.access(os.path.expanduser("~"), os.W_OK):
    _kept = cache_root()
    if _kept is not None:  # or it looks for all fonts in every process, and complains
        os.environ["MPLCONFIGDIR"] = str(_kept / "matplotlib")

try:
    with file_hidden("matplotlibrc") if os.environ.get("MATPLOTLIBRC") == _OURS else nullcontext():
        import matplotlib
except Exception:  # settings of others that it cannot read end its import: a file, or a name of a backend
    for name in [name for name in sys.modules if name.startswith("matplotlib.")]:
        del sys.modules[name]  # from the start, or its parts do not find one another
    os.environ["MATPLOTLIBRC"], os.environ["MPLBACKEND"] = _OURS, "Agg"
    with file_hidden("matplotlibrc"):
        import matplotlib  # noqa: F401
