"""What a setting's value may look like: durations, addresses, the storage account's connection string,
JSON. Values are told apart here, and repeated nowhere: they may be secrets."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from shared.core.values.callbacks import LOOPBACK
from shared.core.values.durations import parse_duration

APP = Path(__file__).parents[2]
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]


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
