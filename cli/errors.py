"""What ends a command, and the exit code that scripts see: docs/cli.md lists them."""

from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    OK = 0
    NOT_SUCCEEDED = 1
    BAD_USE = 2
    REFUSED = 3
    UNREACHABLE = 4
    ATTENTION = 5
    FAULT = 70
    INTERRUPTED = 130
    NOBODY_READS = 141


class CommandError(Exception):
    """Ends the command. ``lines`` are printed to stderr, after they were cleaned."""

    def __init__(self, code: Exit, *lines: str) -> None:
        super().__init__(*lines)
        self.code = code
        self.lines = lines


def bad_use(text: str) -> CommandError:
    return CommandError(Exit.BAD_USE, text)


def refusal(status: int, body: Any) -> CommandError:
    """Of an answer of 4xx or 5xx: its code and message, then every fault in ``details``."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or not (error.get("message") or error.get("code")):
        error = {"message": _bare(status)}
    details = error.get("details")
    faults = (
        [each for each in details if isinstance(each, dict)] if isinstance(details, list) else []
    )
    lines = [_line(error), *(f"  - {_line(fault)}" for fault in faults)]
    if len(faults) == 1 and _line(faults[0]) == lines[0]:
        lines = lines[:1]
    return CommandError(Exit.UNREACHABLE if status >= 500 else Exit.REFUSED, *lines)


def _line(error: dict[str, Any]) -> str:
    """The target, unless the message begins with it."""
    message, target = str(error.get("message") or ""), str(error.get("target") or "")
    code = f"{error['code']}" if error.get("code") else ""
    if target and not message.startswith(target):
        code = f"{code} [{target}]".strip()
    return f"{code}: {message}" if code else message


def _bare(status: int) -> str:
    """What an answer without an error body means: the app itself always sends one, the platform before it does not."""
    match status:
        case 401:
            why = ": no key or sign-in, or a wrong one (AVD_DRAIN_KEY, --scope)"
        case 403:
            why = ": this key or sign-in is not let in (AVD_DRAIN_KEY, --scope), or the app is stopped"
        case 404:
            why = ": is --url the address of the app?"
        case _:
            why = ""
    return f"the app answered {status}{why}"
