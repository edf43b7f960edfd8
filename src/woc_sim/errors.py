"""Errors that the user can fix, and helpers for their messages."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Final

MAX_SENTENCE: Final = 300
"""Longest sentence, in characters, whatever the user typed."""
MAX_LIST: Final = 170
"""Longest list of names in a sentence, in characters: long enough for the processes of a month."""


class UserError(Exception):
    """A mistake of the user, explained in one sentence.

    The sentence names the key, its value, the allowed values or the nearest valid name, and the file if there
    is one. The command line prints it and exits with 2. Every other exception is a bug and keeps its
    traceback. The text is always one line without control characters, of at most `MAX_SENTENCE` characters.
    """

    def __init__(self, sentence: str) -> None:
        self.sentence = one_line(sentence, MAX_SENTENCE)
        super().__init__(self.sentence)

    def _render_traceback_(self) -> list[str]:
        """IPython and notebooks show this instead of a traceback: the sentence alone."""
        return [f"UserError: {self.sentence}"]


def one_line(text: str, most: int) -> str:
    """A text as one line of at most `most` characters; characters that cannot be printed become question
    marks.

    A longer text loses its middle: the mistake is at the beginning of a sentence, the advice at its end.

    >>> one_line("a\\x1b[31mb\\n c", 80)
    'a?[31mb c'
    >>> one_line("out=" + "x" * 80 + " is too long", 33)
    'out=xxxxxxxxxxxxxx... is too long'
    """
    if len(text) > 20 * most:  # too long to check each character
        text = text[: 10 * most] + text[-10 * most :]
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
    if len(line) <= most:
        return line
    end = (most - 3) * 2 // 5
    return f"{line[: most - 3 - end]}...{line[len(line) - end :]}"


@contextmanager
def writing_into(out: Path) -> Iterator[None]:
    """A block that writes into the folder `out`. Every batch that was finished before an error stays there.

    Raises UserError when the system refuses to write (full disk, read-only folder).
    """
    try:
        yield
    except OSError as error:
        raise UserError(
            f"out={out} cannot be written ({error.strerror or error}); finished runs are kept, and "
            "the same command resumes"
        ) from None


def print_stderr(line: str) -> None:
    """Print a line on standard error; do nothing if standard error is closed or full."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)


def nearest(name: str, valid: Iterable[str]) -> str:
    """A question with up to three valid names close to `name`, or an empty string when none is close.

    >>> nearest("smal", ["rural", "small", "medium"])
    "did you mean 'small'?"
    """
    spelled = {candidate.casefold(): candidate for candidate in valid}
    matches = [repr(spelled[match]) for match in get_close_matches(name.casefold(), spelled, n=3, cutoff=0.6)]
    if not matches:
        return ""
    listed = matches[0] if len(matches) == 1 else f"{', '.join(matches[:-1])} or {matches[-1]}"
    return f"did you mean {listed}?"


def short_list(names: Iterable[str], most: int = 12) -> str:
    """The names in their given order, as a short list; beyond `most` or `MAX_LIST` it says how many more
    there are.

    >>> short_list(["rural", "small", "medium"])
    'rural, small, medium'
    """
    listed = [str(name) for name in names]
    if not listed:
        return "nothing"
    shown = listed[:most]
    while len(shown) > 1 and len(", ".join(shown)) > MAX_LIST:
        shown.pop()
    left = len(listed) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")
