"""Errors that are the user's to mend, and the words that help to mend them."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Final

LONGEST_SENTENCE: Final = 300
"""Characters of the longest sentence, whatever was typed."""
LONGEST_LIST: Final = 170
"""Characters of the longest list of names in a sentence: enough for the processes of a month."""


class UserError(Exception):
    """A mistake in what the user asked for, said in one sentence.

    The sentence names what is wrong: the key, its value, what is allowed or the nearest valid name, and the
    file if there is one. The command line prints it and exits 2; every other exception is a bug and keeps its
    traceback. Whatever went into it, it is one line without control characters, of at most
    `LONGEST_SENTENCE`.
    """

    def __init__(self, sentence: str) -> None:
        self.sentence = one_line(sentence, LONGEST_SENTENCE)
        super().__init__(self.sentence)

    def _render_traceback_(self) -> list[str]:
        """What IPython and notebooks show in place of a traceback: the sentence."""
        return [f"UserError: {self.sentence}"]


def one_line(text: str, most: int) -> str:
    """A text as one line of at most `most` characters, a question mark for each that cannot be printed.

    Of a longer one the middle is left out: what is wrong stands at the beginning, what to do at the end.

    >>> one_line("a\\x1b[31mb\\n c", 80)
    'a?[31mb c'
    >>> one_line("out=" + "x" * 80 + " is too long", 33)
    'out=xxxxxxxxxxxxxx... is too long'
    """
    if len(text) > 20 * most:  # not looked at letter by letter
        text = text[: 10 * most] + text[-10 * most :]
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
    if len(line) <= most:
        return line
    end = (most - 3) * 2 // 5
    return f"{line[: most - 3 - end]}...{line[len(line) - end :]}"


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


def tell(line: str) -> None:
    """Say a line on standard error, if there is one that takes it: closed, or full, it hears nothing more."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)


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
    """The names as a short list in their given order; beyond `most` or `LONGEST_LIST`, how many more.

    >>> allowed(["rural", "small", "medium"])
    'rural, small, medium'
    """
    listed = [str(name) for name in names]
    if not listed:
        return "nothing"
    told = listed[:most]
    while len(told) > 1 and len(", ".join(told)) > LONGEST_LIST:
        told.pop()
    rest = len(listed) - len(told)
    return ", ".join(told) + (f" and {rest} more" if rest else "")
