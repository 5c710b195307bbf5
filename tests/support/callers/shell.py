"""Runs a command of the docs in a shell or, where there is no bash (Windows), without one."""

import os
import re
import shlex
from collections.abc import Mapping

_NAME = re.compile(r"\$([A-Z_]+)")


def words_of(command: str, known: Mapping[str, str]) -> list[str]:
    """The command's words as bash makes them: quotes are resolved, and variables of ``known`` are
    replaced. Variables within single quotes are replaced, too; no command of the docs has one
    there."""
    marked = _NAME.sub(lambda name: f"\x00{name[1]}\x00" if name[1] in known else name[0], command)
    return [
        re.sub(r"\x00([A-Z_]+)\x00", lambda name: known[name[1]], word)
        for word in shlex.split(marked)
    ]


def in_shell(command: str, known: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The words to start, and the environment to start them in."""
    environ = {**os.environ, **known}
    if os.name == "nt":
        return words_of(command, known), environ
    return ["bash", "-c", command], environ
