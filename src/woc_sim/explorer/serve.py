"""Serving the explorer on this machine."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
from typing import Final

import panel as pn
from tornado.ioloop import PeriodicCallback

from woc_sim.errors import UserError
from woc_sim.explorer.layout import CSS
from woc_sim.explorer.page import Page
from woc_sim.explorer.settings import Screen, scenario_of
from woc_sim.explorer.work import Workers

ADDRESS: Final = "127.0.0.1"
MOST_PROCESSES: Final = 4
"""Most worker processes: a pair of five replicates has ten runs, and other programs want a processor too."""
MOST_MESSAGE: Final = 4_000_000
"""Largest message of a browser, in bytes."""

COLLECT_MILLISECONDS: Final = 10_000
"""Time between two collections of garbage. One takes some hundredths of a second."""


def serve(start: Screen, port: int, show: bool) -> None:
    """Serve the explorer on loopback until it is interrupted. Raises UserError if the port is taken.

    start: what a page shows whose address says nothing. port: 0 takes one that is free. show: open a browser.
    """
    os.environ["BOKEH_RESOURCES"] = "server"  # everything comes from this machine: it works without a network
    port = _free_port(port)
    pn.extension(raw_css=[CSS], notifications=False)
    with Workers(min(MOST_PROCESSES, os.cpu_count() or 1)) as workers:
        for side in start.sides:  # what the first page shows is simulated while the browser opens
            for replicate in range(start.replicates):
                workers.replicate(workers, scenario_of(side), replicate)
        Page(workers, start).frame.panel().get_root()  # the first page that is made takes twice as long
        gc.freeze()  # what is there by now stays, and searching it for garbage would hold up a slider
        server = pn.serve(
            {"/": lambda: _page(workers, start)},
            port=port,
            address=ADDRESS,
            websocket_origin=[f"{ADDRESS}:{port}", f"localhost:{port}"],
            websocket_max_message_size=MOST_MESSAGE,
            title="woc-sim explore",
            show=show,
            start=False,
            verbose=False,
            check_unused_sessions_milliseconds=5000,
            unused_session_lifetime_milliseconds=20_000,
        )
        server.start()
        # each redraw leaves cycles of objects, and Python by itself lets dozens of megabytes come together
        PeriodicCallback(_collect, COLLECT_MILLISECONDS).start()
        print(f"the explorer is at http://{ADDRESS}:{port}/ (Ctrl-C ends it)", flush=True)
        try:
            server.io_loop.start()
        except (KeyboardInterrupt, asyncio.CancelledError):
            print("the explorer has ended", flush=True)
        finally:
            server.stop()


def _collect() -> None:
    gc.collect()


def _page(workers: Workers, start: Screen) -> pn.viewable.Viewable:
    """A page for a browser tab that has just been opened."""
    location = pn.state.location
    page = Page(workers, start, location.search if location is not None else "")
    document = pn.state.curdoc
    pn.state.onload(lambda: page.begin(document))
    pn.state.on_session_destroyed(lambda _: page.close())
    return page.frame.panel()


def _free_port(port: int) -> int:
    """The port, or a free one for 0. Raises UserError if it cannot be had."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise UserError(
                f"port {port} cannot be used ({error.strerror or error}); give another one, or port=0 for any"
            ) from None
        return int(probe.getsockname()[1])
