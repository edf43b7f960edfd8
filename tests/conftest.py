"""Settings common to all tests: the same examples on every run, no windows."""

import os

from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"

# Derandomised, because a property that fails once a month is found by nobody; no deadline, because the first
# example of a compiled function includes its compilation.
settings.register_profile("woc-sim", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("woc-sim")
