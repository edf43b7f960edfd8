"""Before anything is done: quick imports, standard streams, settings of our own, Ctrl-C, helping processes.

Collecting garbage during the imports of a run costs half a second and frees nothing, as a hundred thousand
objects are made that all stay.
"""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.isolation import ctrl_c_blocked

if TYPE_CHECKING:
    import subprocess

PACKAGE: Final = Path(__file__).resolve().parent.parent

ENVIRONMENT: Final = {
    "PYTHONSAFEPATH": "1",
    "MPLBACKEND": "Agg",
    "MATPLOTLIBRC": str(PACKAGE / "figures" / "matplotlibrc"),
}
"""For this process and those it starts: the working folder is no code, and pictures are drawn as we say."""

GRACE_SECONDS: Final = 3.0
"""Seconds after Ctrl-C in which another one is not heard, because the first one is being answered."""

HELPER_CODE: Final = (
    "import sys; sys.path.append(sys.argv.pop(1)); from runpy import run_module; "
    "run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def pause_garbage_collection() -> None:
    """Stop collecting until `resume_garbage_collection`."""
    gc.disable()


def resume_garbage_collection() -> None:
    """Collect again from here on, and never look at what was imported so far."""
    gc.freeze()
    gc.enable()


@contextmanager
def command_environment() -> Iterator[None]:
    """The environment of a command, in this block."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def open_streams() -> None:
    """Open standard streams that were closed, so that no file takes their numbers, and let none of them fail
    at a letter that its encoding lacks."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with suppress(OSError):
                while (opened := os.open(os.devnull, os.O_RDWR)) < number:
                    pass  # a number below was closed as well
                if opened != number:  # it is a file of somebody by now
                    os.close(opened)
                setattr(sys, name, open(os.devnull, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        renew = getattr(stream, "reconfigure", None)
        if renew is not None and getattr(stream, "errors", "") == "strict":
            renew(errors="backslashreplace")


class CtrlC:
    """Ctrl-C: the first one raises KeyboardInterrupt, which others cannot disturb while it is answered.

    Libraries turn it into errors of their own or lose it, so that it is remembered here. A process that does
    not end within `GRACE_SECONDS` is ended by the next one.
    """

    def __init__(self) -> None:
        self.heard: float | None = None

    def listen(self) -> None:
        """Hear Ctrl-C from now on, unless this process is to ignore it or its owner hears it."""
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._hear)
            sys.unraisablehook = self._lost

    def stop(self, ends: bool) -> None:
        """Leave Ctrl-C to whoever had it before. ends: this process does; where Ctrl-C was heard, no further
        one is to disturb that, for Python lets go of handlers before it is gone."""
        if signal.getsignal(signal.SIGINT) != self._hear:
            return
        if not ends:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.unraisablehook = sys.__unraisablehook__
        elif self.heard is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _hear(self, number: int, frame: object) -> None:
        now = time.monotonic()
        if self.heard is None:
            self.heard = now
            raise KeyboardInterrupt
        if now - self.heard > GRACE_SECONDS:
            os._exit(130)

    def _lost(self, lost: Any) -> None:
        """Where no exception can be raised, Ctrl-C is answered a moment later."""
        if lost.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(lost)
        elif self.heard is not None:
            self.heard = None
            threading.Timer(0.05, signal.raise_signal, (signal.SIGINT,)).start()


def start_helper(
    module: str, *arguments: str, environment: dict[str, str] | None = None, **streams: Any
) -> "subprocess.Popen[Any]":
    """Start a module of ours in another process, which imports nothing from the working folder and leaves
    Ctrl-C to this one. Raises OSError."""
    import subprocess

    command = [sys.executable, "-P", "-c", HELPER_CODE, str(PACKAGE.parent), module, *arguments]
    streams["env"] = os.environ | ENVIRONMENT | (environment or {})
    if sys.platform == "win32":
        streams["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
    with ctrl_c_blocked():
        return subprocess.Popen(command, **streams)
