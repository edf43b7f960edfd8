"""crate_context.py CACHE: lay RO-Crate's context into the validator's cache, as if it had been fetched.

The validator resolves https://w3id.org/ro/crate/1.1/context; the same file comes with the package `rocrate`.
Runs in .venv-crate.
"""

import sys
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from urllib3 import HTTPResponse

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


class FromFile(HTTPAdapter):
    """Answers every request with one file."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """The file, whatever is asked for."""
        raw = HTTPResponse(
            BytesIO(self.content),
            {"Content-Type": "application/ld+json"},
            status=200,
            preload_content=False,
            request_url=request.url,
        )
        return self.build_response(request, raw)


def main(cache: str) -> None:
    """Ask once for the context, so that the cache keeps it."""
    held = Path(str(distribution("rocrate").locate_file("rocrate/data/ro-crate.jsonld"))).read_bytes()
    with CachedSession(cache, backend="sqlite", expire_after=-1, allowable_codes=(200,)) as session:
        session.mount("https://w3id.org/", FromFile(held))
        session.get(CONTEXT).raise_for_status()


if __name__ == "__main__":
    main(sys.argv[1])
