"""Messages through pipes: eight bytes with the length, then the message."""

from __future__ import annotations

from typing import IO, Final

HEADER: Final = 8


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write a message. Raises OSError if there is no reader."""
    pipe.write(len(message).to_bytes(HEADER, "little") + message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Read a message. Raises EOFError if the other side has ended."""
    return _read(pipe, int.from_bytes(_read(pipe, HEADER), "little"))


def _read(pipe: IO[bytes], size: int) -> bytes:
    read = pipe.read(size)
    if len(read) < size:
        raise EOFError
    return read
