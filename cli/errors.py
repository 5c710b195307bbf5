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
    INTERRUPTED = 130


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
    if not isinstance(error, dict):
        error = {"code": str(status), "message": _bare(status)}
    lines = [_line(error)]
    details = error.get("details")
    faults = details if isinstance(details, list) else []
    lines += [f"  - {_line(fault)}" for fault in faults if isinstance(fault, dict)]
    return CommandError(Exit.UNREACHABLE if status >= 500 else Exit.REFUSED, *lines)


def _line(error: dict[str, Any]) -> str:
    target = f" [{error['target']}]" if error.get("target") else ""
    return f"{error.get('code', '?')}{target}: {error.get('message', '')}"


def _bare(status: int) -> str:
    if status in (401, 403):
        return (
            f"the app answered {status}: no key or sign-in, or a wrong one (AVD_DRAIN_KEY, --scope)"
        )
    return f"the app answered {status}"
