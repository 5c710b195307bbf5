"""The settings ACCESS and KEY_NAMES, as JSON or as the name of a .json file::

[{"who": ["..."], "role": "Drain.Operate", "pools": ["hp-fin-*"]}]
{"nightly": "the SHA-256 of the key, in hexadecimal digits"}
"""

import re
from collections.abc import Iterator
from typing import Any

from shared.core.access.roles import EVERYWHERE, Grant, Reach, Role
from shared.settings.values import json_of

_FIELDS = {"who", "role", "pools"}
_MOST = 500
_LONGEST = 500
_KEY_NAME = r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}"
_DIGEST = r"[0-9a-fA-F]{64}"


def read_grants(text: str) -> tuple[Grant, ...]:
    """The grants of the setting. Raises ValueError that names every fault."""
    raw = json_of(text)
    if not isinstance(raw, list) or len(raw) > _MOST:
        raise ValueError(f"not a JSON list of at most {_MOST} grants")
    faults = [f"grant {n}: {fault}" for n, each in enumerate(raw, 1) for fault in _faults(each)]
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(_grant(each) for each in raw)


def _faults(raw: Any) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield "not a JSON object"
        return
    for unknown in sorted(raw.keys() - _FIELDS):
        yield f"there is no '{unknown}'"
    if not _texts(raw.get("who")):
        yield "'who' is a list of ids, app roles or keys"
    if raw.get("role") not in list(Role):
        yield f"'role' is one of {', '.join(Role)}"
    if "pools" in raw and not _texts(raw["pools"]):
        yield "'pools' is a list of names or resource ids of host pools; left out: all"


def _texts(value: Any) -> bool:
    good = isinstance(value, list) and 0 < len(value) <= _MOST
    return good and all(isinstance(v, str) and 0 < len(v) <= _LONGEST for v in value)


def _grant(raw: dict[str, Any]) -> Grant:
    reach = Reach(tuple(raw["pools"])) if "pools" in raw else EVERYWHERE
    return Grant(frozenset(raw["who"]), Role(raw["role"]), reach)


def read_key_names(text: str) -> dict[str, str]:
    """The names of keys, by digest. Raises ValueError, which repeats no digest; also if a key has
    two names."""
    raw = json_of(text)
    if not isinstance(raw, dict) or len(raw) > _MOST:
        raise ValueError(f"not a JSON object of at most {_MOST} names")
    faults, named = list[str](), dict[str, str]()
    for number, (name, digest) in enumerate(raw.items(), 1):
        good = re.fullmatch(_KEY_NAME, name) is not None
        called = f"'{name}'" if good else f"key {number}"  # what is no name may be a key
        if not good:
            faults.append(
                f"{called}: a name of at most 64 letters, digits, blanks, '.', '_' and '-'"
            )
        if not (isinstance(digest, str) and re.fullmatch(_DIGEST, digest)):
            faults.append(f"{called}: the SHA-256 of the key, as 64 hexadecimal digits")
        elif named.setdefault(digest.lower(), name) != name:
            faults.append(f"{called}: two names for one key")
    if faults:
        raise ValueError("; ".join(faults))
    return named
