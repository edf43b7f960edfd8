"""Errors that are the user's to mend, and the words that help to mend them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path


class UserError(Exception):
    """A mistake in what the user asked for, said in one sentence.

    The sentence names what is wrong: the key, its value, what is allowed or the nearest valid name, and the
    file if there is one. The command line prints it and exits 2; every other exception is a bug and keeps its
    traceback.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython and notebooks show in place of a traceback: the sentence."""
        return [f"UserError: {self.sentence}"]

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@contextmanager
def written(out: Path) -> Iterator[None]:
    """A block that writes into the folder `out`, of which every batch is kept as soon as it is finished.

    Raises UserError when the system refuses (a full disk, a folder that may only be read): nothing is lost.
    """
    try:
        yield
    except OSError as error:
        raise UserError(
            f"out={out} cannot be written ({error.strerror or error}); what was finished before is kept, and "
            "the same command goes on from there"
        ) from None


def nearest(name: str, valid: Iterable[str]) -> str:
    """A question with up to three valid names close to `name`, or an empty string when none is close.

    >>> nearest("smal", ["rural", "small", "medium"])
    "did you mean 'small'?"
    """
    spelled = {candidate.casefold(): candidate for candidate in valid}
    found = [repr(spelled[match]) for match in get_close_matches(name.casefold(), spelled, n=3, cutoff=0.6)]
    if not found:
        return ""
    listed = found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
    return f"did you mean {listed}?"


def allowed(names: Iterable[str], most: int = 12) -> str:
    """The names as a short list in their given order; beyond `most`, how many more there are.

    >>> allowed(["rural", "small", "medium"])
    'rural, small, medium'
    """
    listed = [str(name) for name in names]
    if not listed:
        return "nothing"
    rest = len(listed) - most
    return ", ".join(listed[:most]) + (f" and {rest} more" if rest > 0 else "")
