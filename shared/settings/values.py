"""How a setting's text is read: durations, choices, addresses, the storage account's connection string,
JSON. Values are told apart here, and repeated nowhere: they may be secrets.

What must fit a pattern is given as text: only one that is looked at is compiled.
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
    """As the platform and people write it. Raises ValueError."""
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise ValueError("true or false")
    return word in _YES


def one_of[T: StrEnum](kind: type[T]) -> Callable[[str], T]:
    def read(text: str) -> T:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"one of {', '.join(kind)}") from None

    return read


def between(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not least <= number <= most:  # nor is what is no number
            raise ValueError(f"a number from {least:g} to {most:g}")
        return number

    return read


def fitting(pattern: str, words: str) -> Callable[[str], str]:
    """``words``: what fits the pattern as a whole."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(words)
        return text

    return read


def listed(pattern: str, words: str) -> Callable[[str], tuple[str, ...]]:
    """Several, separated by commas. ``words``: what each of them fits."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(each.strip() for each in text.split(","))
        if not all(re.fullmatch(pattern, each, re.IGNORECASE) for each in found):
            raise ValueError(f"{words}, separated by commas")
        return found

    return read


def is_address(text: str) -> bool:
    """An https address, or one of this machine in plain http, without a user, a query or a mark."""
    parts = parsed(text)
    if parts is None:
        return False
    scheme, host = parts
    return scheme == "https" or (scheme == "http" and host in LOOPBACK)


def parsed(text: str) -> tuple[str, str] | None:
    """Scheme and host of an address; None for what is none."""
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
    """As the storage account's keys page has it, or with a shared access signature, or the emulator's."""
    parts = [part.partition("=") for part in text.strip().strip(";").split(";")]
    given = {name.strip().lower(): value for name, _, value in parts if value}
    if len(given) != len(parts):
        return False
    if given.get("usedevelopmentstorage", "").lower() == "true":
        return True
    places = {"queueendpoint", "tableendpoint"} <= given.keys() or "accountname" in given
    return places and bool({"accountkey", "sharedaccesssignature"} & given.keys())


def json_of(value: str) -> Any:
    """JSON, or that of a file beside the app. Raises ValueError."""
    text = value.strip()
    if text.lower().endswith(".json"):
        try:
            text = (APP / text).read_text(encoding="utf-8")
        except OSError:
            raise ValueError("there is no such file beside function_app.py") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("not JSON, and no name of a .json file") from None
