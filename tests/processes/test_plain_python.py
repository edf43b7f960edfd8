"""Plain-Python mode gives the same bytes as compiled kernels, and no draw is made twice."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from worlds import live, small_locality, snapshot

MONTHS = (*range(40, 46), *range(121, 127))

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from test_plain_python import town_hash
from woc_sim.draws import watch_addresses
watch_addresses(True)
print(town_hash())
"""


def town_hash() -> str:
    """Hash of all columns of a town of 300 after half a year in 2015 and half a year in 2022."""
    locality = live(small_locality(300, asylum_share=24.0, ukrainian_share=60.0, rrp=0.2), MONTHS)
    locality.residents.volunteer[:30] = 5.0
    live(locality, range(127, 130))
    digest = hashlib.sha256()
    for name, values in snapshot(locality).items():
        digest.update(name.encode())
        digest.update(values.tobytes())
    assert len(locality.migrants) > 20
    return digest.hexdigest()


def test_plain_python_gives_the_same_bytes_and_draws_nothing_twice() -> None:
    folder = Path(__file__).parent
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(folder.parent), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    plain = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", PROGRAM, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.strip() == town_hash()
