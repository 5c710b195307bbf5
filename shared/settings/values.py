"""Functions that read the text of settings: durations, choices, addresses, connection strings,
JSON. Their errors never repeat a value, since it may be a secret.

Patterns are passed as text, so that only a pattern that is used gets compiled.
"""

import json
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shared.core.access.allowed import LOOPBACK

APP = Path(__file__).parents[2]

_YES = {"true", "1", "yes", "on", "t", "y"}
_NO = {"false", "0", "no", "off", "f", "n"}


def yes_or_no(text: str) -> bool:
    """A truth value as the platform and people write it. Raises ValueError."""
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise ValueError("true or false")
    return word in _YES


def one_of[T: StrEnum](kind: type[T]) -> Callable[[str], T]:
    """A reader of the values of an enum."""

    def read(text: str) -> T:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"one of {', '.join(kind)}") from None

    return read


def between(least: float, most: float) -> Callable[[str], float]:
    """A reader of numbers from ``least`` to ``most``."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not least <= number <= most:  # also false for nan
            raise ValueError(f"a number from {least:g} to {most:g}")
        return number

    return read


def fitting(pattern: str, words: str) -> Callable[[str], str]:
    """A reader of texts that fit the pattern as a whole. ``words`` says what does, for the
    error."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(words)
        return text

    return read


def listed(pattern: str, words: str) -> Callable[[str], tuple[str, ...]]:
    """A reader of several texts, separated by commas. ``words`` says what each must fit, for the
    error."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(each.strip() for each in text.split(","))
        if not all(re.fullmatch(pattern, each, re.IGNORECASE) for each in found):
            raise ValueError(f"{words}, separated by commas")
        return found

    return read


def is_address(text: str) -> bool:
    """Whether the text is an https address, or an http address of this machine, without a user, a
    query or a fragment."""
    parts = parsed(text)
    if parts is None:
        return False
    scheme, host = parts
    return scheme == "https" or (scheme == "http" and host in LOOPBACK)


def parsed(text: str) -> tuple[str, str] | None:
    """Scheme and host of an address. None: the text is no address."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    odd = parts.query or parts.fragment or "@" in parts.netloc or port == 0
    if odd or not parts.hostname or any(c.isspace() for c in text) or not text.isascii():
        return None
    return parts.scheme, parts.hostname


def is_connection_string(text: str) -> bool:
    """Whether the text is a connection string with an account key, with a shared access signature,
    or of the emulator."""
    parts = [part.partition("=") for part in text.strip().strip(";").split(";")]
    given = {name.strip().lower(): value for name, _, value in parts if value}
    if len(given) != len(parts):
        return False
    if given.get("usedevelopmentstorage", "").lower() == "true":
        return True
    places = {"queueendpoint", "tableendpoint"} <= given.keys() or "accountname" in given
    return places and bool({"accountkey", "sharedaccesssignature"} & given.keys())


def json_of(value: str) -> Any:
    """The JSON of the text, or of the file beside the app that the text names. Raises
    ValueError."""
    text = value.strip()
    if not text.lower().endswith(".json"):
        return json_in(text, "not JSON, and no name of a .json file")
    try:
        text = (APP / text).read_text(encoding="utf-8-sig")
    except UnicodeError:
        raise ValueError("the file is not UTF-8") from None
    except (OSError, ValueError):
        raise ValueError("there is no such file beside function_app.py") from None
    return json_in(text, "the file is not JSON")


def json_in(text: str, fault: str) -> Any:
    """The JSON of a text. Raises ValueError that says ``fault`` and where, or that a key stands there twice: of
    two, one would be passed over in silence."""
    again: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        again.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)
        return dict(pairs)

    try:
        found = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise ValueError(f"{fault} (line {error.lineno}, column {error.colno})") from None
    except (ValueError, RecursionError):
        raise ValueError(fault) from None
    if again:
        raise ValueError(", ".join(f"'{key}' stands there twice" for key in again))
    return found


TIMER_WORDS = "an NCRONTAB schedule of five or six fields, or a time span hh:mm:ss"

_TIMER_RANGES = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
"""The ranges of seconds, minutes, hours, days, months, days of the week. A schedule of five fields
has no seconds."""

_TIMER_NAMES: tuple[dict[str, int], ...] = (
    {},
    {},
    {},
    {},
    {
        n: i
        for i, n in enumerate(
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
        )
    },
    {n: i for i, n in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])},
)
_TIMER_SPAN = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]", re.ASCII)


def is_timer(text: str) -> bool:
    """Whether the host can read the text as the schedule of a timer."""
    if _TIMER_SPAN.fullmatch(text):
        return text != "00:00:00"
    fields = text.split()
    if len(fields) not in (5, 6):
        return False
    skipped = 6 - len(fields)
    kinds = zip(fields, _TIMER_RANGES[skipped:], _TIMER_NAMES[skipped:], strict=True)
    return all(
        _timer_part(part, bounds, names)
        for field, bounds, names in kinds
        for part in field.split(",")
    )


def _timer_part(part: str, bounds: tuple[int, int], names: dict[str, int]) -> bool:
    base, slash, step = part.partition("/")
    if slash and not (re.fullmatch("[0-9]{1,2}", step) and int(step) > 0):
        return False
    if base == "*":
        return True
    ends = [
        names.get(end.lower()[:3] if end.isalpha() else end, _timer_number(end))
        for end in base.split("-")
    ]
    return len(ends) <= 2 and all(bounds[0] <= end <= bounds[1] for end in ends)


def _timer_number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,2}", text) else -1
