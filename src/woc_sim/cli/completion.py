"""Completion of commands and settings in bash, in Hydra's form: `woc-sim -sc install=bash`.

The script that it prints asks `woc-sim -sc query=bash` for the words that may follow what is typed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Final

from woc_sim.errors import UserError, short_list

SCRIPT: Final = """\
# Completion of woc-sim in bash. Use it: eval "$(woc-sim -sc install=bash)"
_woc_sim() {
    local IFS=$'\\n'
    export COMP_LINE COMP_POINT
    COMPREPLY=($("${COMP_WORDS[0]}" -sc query=bash 2>/dev/null))
    [[ "${COMPREPLY[0]}" == *[=/.] ]] && compopt -o nospace
}
complete -o default -F _woc_sim woc-sim
"""
UNINSTALL: Final = "complete -r woc-sim\n"
WITH_SETTINGS: Final = ("run", "sweep", "validate", "sensitivity")
"""Commands that take the settings of a run."""
WORD_BREAKS: Final = "=:"
"""Letters at which bash begins a new word."""


def main(arguments: Sequence[str]) -> int:
    """Print the script, or the words that may follow; returns the exit code. Raises UserError."""
    answers = {"install=bash": SCRIPT, "uninstall=bash": UNINSTALL}
    if list(arguments) == ["query=bash"]:
        line, point = os.environ.get("COMP_LINE", ""), os.environ.get("COMP_POINT", "")
        typed = line[: int(point)] if point.isdecimal() else line
        print("\n".join(words_after(typed)))
        return 0
    if len(arguments) != 1 or arguments[0] not in answers:
        raise UserError(f"-sc takes {short_list(answers)}; other shells than bash are not served")
    print(answers[arguments[0]], end="")
    return 0


def words_after(line: str) -> list[str]:
    """What may stand at the end of a typed line, from the last word break of bash on."""
    words = line.split(" ")
    typed, before = words[-1], [word for word in words[1:-1] if word]
    found = sorted({each for each in _candidates(before, typed) if each.startswith(typed)})
    cut = max((typed.rfind(letter) for letter in WORD_BREAKS), default=-1) + 1
    return [each[cut:] for each in found]


def _candidates(before: Sequence[str], typed: str) -> Iterable[str]:
    from woc_sim.cli.main import COMMANDS

    if not before or before == ["help"]:
        return (*COMMANDS, "help")
    command = before[0]
    if command == "list":
        from woc_sim.cli.listing import TABLES

        return (*TABLES, "--csv")
    if command == "new":
        from woc_sim.cli.new import TEMPLATES

        return TEMPLATES
    if command not in WITH_SETTINGS:
        return ("--help",)
    return _settings(typed)


def _settings(typed: str) -> list[str]:
    """Settings of a run: keys level by level, and the values of groups and cases."""
    from woc_sim.cli.overrides import groups, keys
    from woc_sim.inputs.tables import cases

    key, equals, values = typed.partition("=")
    if not equals:
        names = [*groups(), *keys()]
        depth = max(typed.rfind("."), typed.rfind("/")) + 1
        return [_first_level(name, depth) for name in names] + ["--help", "--config-dir", "--cfg", "--info"]
    options = list(groups().get(key, ()))
    if key == "case":
        options = [one.name for one in cases()]
    earlier, comma, _ = values.rpartition(",")
    return [f"{key}={earlier}{comma}{option}" for option in options]


def _first_level(name: str, depth: int) -> str:
    """A key up to the next point or slash after `depth`, or with its equals sign."""
    for place in range(depth, len(name)):
        if name[place] in "./":
            return name[: place + 1]
    return f"{name}="
