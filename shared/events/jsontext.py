"""Reads JSON as strangers send it: with a byte order mark, with a repeated key, with lone
surrogates, or in another encoding. What can be read is read; what cannot gets a fault that says
why."""

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

DEEPEST = 200
"""How deep objects and lists may be nested."""
_MOST_DIGITS = 300
_NOT_UTF_8 = "not UTF-8 (byte {at}){looks}: JSON is sent in the encoding UTF-8"
_LOOKS = "; it looks like UTF-16 or UTF-32"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")


class Told(dict[str, Any]):
    """A JSON object. ``twice`` names the keys that it has more than once; the last value counts."""

    __slots__ = ("twice",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs] if len(self) != len(pairs) else []
        self.twice = tuple(dict.fromkeys(n for n in names if names.count(n) > 1))


def read_object(payload: str | bytes) -> tuple[Mapping[str, Any] | None, str]:
    """The object, or None and what is wrong with the text."""
    try:
        text = _decoded(payload) if isinstance(payload, bytes) else payload
        value = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=Told,
            parse_constant=_no_number,
            parse_float=_number,
            parse_int=_whole_number,
        )
        _check(value)
    except RecursionError:
        return None, f"nested more than {DEEPEST} deep"
    except UnicodeDecodeError as error:
        return None, _encoding(payload, error)
    except _UnfitError as error:
        return None, str(error)
    except ValueError:
        return None, "not a JSON object"
    return (value, "") if isinstance(value, Told) else (None, "not a JSON object")


def read_base64(payload: object) -> tuple[Mapping[str, Any] | None, str]:
    """The JSON object in ``data_base64`` of a CloudEvent, or None and what is wrong with it."""
    try:
        raw = base64.b64decode(payload, validate=True) if isinstance(payload, str) else None
    except (binascii.Error, ValueError):
        raw = None
    return read_object(raw) if raw is not None else (None, "not base64")


def repeated(data: Any) -> tuple[str, ...]:
    """The places in an event's data where a key is repeated: there the sender's meaning is not known."""
    found: list[str] = []
    left = [("data", data)]
    while left:
        place, value = left.pop()
        if isinstance(value, Told):
            found += [f"'{place}.{name[:100]}' stands there twice" for name in value.twice]
            left += [(f"{place}.{name[:100]}", inner) for name, inner in value.items()]
        elif isinstance(value, list):
            left += [(f"{place}.{number}", inner) for number, inner in enumerate(value)]
    return tuple(sorted(found))


def digest_of(payload: str | bytes) -> str:
    """The digest that identifies a body without an id."""
    raw = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
    return f"sha256-{hashlib.sha256(raw).hexdigest()[:32]}"


class _UnfitError(Exception):
    """The text is JSON, but cannot be stored or compared."""


def _decoded(raw: bytes) -> str:
    if b"\x00" in raw:  # UTF-8 JSON never contains this byte
        raise _UnfitError(_NOT_UTF_8.format(at=raw.index(0) + 1, looks=_LOOKS))
    return raw.decode("utf-8")


def _encoding(payload: str | bytes, error: UnicodeDecodeError) -> str:
    raw = payload if isinstance(payload, bytes) else b""
    looks = _LOOKS if raw.startswith((*_UTF_32, *_UTF_16)) else ""
    return _NOT_UTF_8.format(at=error.start + 1, looks=looks)


def _no_number(name: str) -> float:
    raise _UnfitError(f"'{name}' is no number in JSON")


def _number(text: str) -> float | str:
    """A number, or its text if it is too large for one. So it is no fault where the number is not
    used, and not a number where it is."""
    value = float(text)
    return text if math.isinf(value) else value


def _whole_number(text: str) -> int | str:
    return text if len(text) > _MOST_DIGITS else int(text)


def _check(value: Any) -> None:
    """Check the depth of nesting, and replace lone surrogates, which no storage accepts, with the
    replacement character."""
    left = [(value, 1)]
    while left:
        here, depth = left.pop()
        if depth > DEEPEST:
            raise _UnfitError(f"nested more than {DEEPEST} deep")
        if isinstance(here, Told):
            for name in [name for name in here if not name.isascii()]:
                here[_whole(name)] = here.pop(name)
            items: Any = here.items()
        elif isinstance(here, list):
            items = enumerate(here)
        else:
            continue
        for at, inner in list(items):
            if isinstance(inner, str) and not inner.isascii():
                here[at] = _whole(inner)
            elif isinstance(inner, dict | list):
                left.append((inner, depth + 1))


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
