"""Settings common to all tests: the same examples on every run, no windows."""

import os

from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"

# Coverage is measured in the processes that run tests and not in the hundreds of commands that tests start:
# measuring those takes minutes and sees hardly a line more. (pytest starts its workers before this runs.)
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_START", None)

# Derandomised, because a property that fails once a month is found by nobody; no deadline, because the first
# example of a compiled function includes its compilation.
settings.register_profile("woc-sim", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("woc-sim")
