"""Process set-up: garbage collection, standard streams, environment, Ctrl-C, helper processes.

Garbage collection during the imports of a run would cost half a second and free nothing: all of the hundred
thousand new objects stay.
"""

import gc
import os
import signal
import sys
import threading
import time
import warnings
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
"""Environment of this process and those it starts: nothing is imported from the working folder, and
figures have our style.
"""

CONFIG_DIR_VARIABLE: Final = "WOC_SIM_CONFIG_DIR"
"""The folder of the user's own YAML files, for the processes that a command starts."""
GRACE_SECONDS: Final = 3.0
"""Seconds after a first Ctrl-C in which a second one is ignored, because the first is being handled."""

HELPER_CODE: Final = (
    "import sys; sys.path.append(sys.argv.pop(1)); from runpy import run_module; "
    "run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def pause_garbage_collection() -> None:
    """Stop garbage collection until `resume_garbage_collection`."""
    gc.disable()


def resume_garbage_collection() -> None:
    """Resume garbage collection, but never check the objects of the imports so far."""
    gc.freeze()
    gc.enable()


def one_sentence(message: object, *_: object) -> str:
    """A warning as the command line says it."""
    return f"woc-sim: {message}\n"


@contextmanager
def command_environment() -> Iterator[None]:
    """The environment of a command, in this block. A warning is one line without its place in the code."""
    before = {name: os.environ.get(name) for name in (*ENVIRONMENT, CONFIG_DIR_VARIABLE)}
    written = warnings.formatwarning
    os.environ.update(ENVIRONMENT)
    setattr(warnings, "formatwarning", one_sentence)  # noqa: B010 - a name of another module
    try:
        yield
    finally:
        setattr(warnings, "formatwarning", written)  # noqa: B010
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def open_streams() -> None:
    """Open standard streams that were closed, so that no file gets their numbers. Characters that the
    encoding lacks are escaped instead of raising an error.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with suppress(OSError):
                while (descriptor := os.open(os.devnull, os.O_RDWR)) < number:
                    pass  # a lower number was closed too
                if descriptor != number:  # another file has this number now
                    os.close(descriptor)
                setattr(sys, name, open(os.devnull, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and getattr(stream, "errors", "") == "strict":
            reconfigure(errors="backslashreplace")


class CtrlC:
    """Ctrl-C: the first one raises KeyboardInterrupt; later ones cannot disturb the handling.

    Libraries may turn the KeyboardInterrupt into another error or lose it, so it is recorded here. If the
    process has not ended after `GRACE_SECONDS`, the next Ctrl-C ends it at once.
    """

    def __init__(self) -> None:
        self.interrupted_at: float | None = None

    def install(self) -> None:
        """Handle Ctrl-C from now on, unless this process ignores it or another handler is set."""
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._on_ctrl_c)
            sys.unraisablehook = self._on_unraisable

    def restore(self, process_ends: bool) -> None:
        """Restore the previous handler. process_ends: the process is about to end; after a Ctrl-C, further
        ones are then ignored, because Python drops handlers before it ends.
        """
        if signal.getsignal(signal.SIGINT) != self._on_ctrl_c:
            return
        if not process_ends:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.unraisablehook = sys.__unraisablehook__
        elif self.interrupted_at is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _on_ctrl_c(self, number: int, frame: object) -> None:
        now = time.monotonic()
        if self.interrupted_at is None:
            self.interrupted_at = now
            raise KeyboardInterrupt
        if now - self.interrupted_at > GRACE_SECONDS:
            os._exit(130)

    def _on_unraisable(self, unraisable: Any) -> None:
        """Where no exception can be raised, raise Ctrl-C again a moment later."""
        if unraisable.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(unraisable)
        elif self.interrupted_at is not None:
            self.interrupted_at = None
            threading.Timer(0.05, signal.raise_signal, (signal.SIGINT,)).start()


def start_helper(
    module: str, *arguments: str, environment: dict[str, str] | None = None, **streams: Any
) -> "subprocess.Popen[Any]":
    """Start one of our modules in another process. It imports nothing from the working folder and ignores
    Ctrl-C. Raises OSError.
    """
    import subprocess

    command = [sys.executable, "-P", "-c", HELPER_CODE, str(PACKAGE.parent), module, *arguments]
    streams["env"] = os.environ | ENVIRONMENT | (environment or {})
    if sys.platform == "win32":
        streams["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
    with ctrl_c_blocked():
        return subprocess.Popen(command, **streams)
