"""Texts from outside, made harmless for a terminal: a host or a reason may be named by anybody."""

import re
import unicodedata
from typing import Any

_REORDERS = "\u200e\u200f\u061c"
"""Marks of direction; overrides and isolates (U+202A to U+202E, U+2066 to U+2069) are category Cf."""


def clean(text: str, *, lines: bool = False) -> str:
    """Without control characters, and without those that reorder text; ``lines`` keeps line breaks."""
    kept = (
        c
        for c in text.replace("\r\n", "\n")
        if (lines and c == "\n") or not (is_unsafe(c) and c not in "\n\t\r")
    )
    joined = "".join(kept)
    return re.sub(r"[\t\r]" if lines else r"[\n\t\r]+", " ", joined)


def is_unsafe(c: str) -> bool:
    return (
        unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")
        or "\u202a" <= c <= "\u202e"
        or "\u2066" <= c <= "\u2069"
        or c in _REORDERS
    )


def clean_all(value: Any) -> Any:
    """Every string in it cleaned, the keys of objects too."""
    if isinstance(value, str):
        return clean(value, lines=True)
    if isinstance(value, list):
        return [clean_all(one) for one in value]
    if isinstance(value, dict):
        return {clean(str(name)): clean_all(one) for name, one in value.items()}
    return value


def short(name: str) -> str:
    """``pool/host.domain`` as ``host``."""
    return name.rsplit("/", 1)[-1].split(".", 1)[0]


def shortened(names: list[str]) -> dict[str, str]:
    """Each name without its domain, unless two would then look the same."""
    seen: dict[str, int] = {}
    for name in names:
        seen[short(name)] = seen.get(short(name), 0) + 1
    return {name: short(name) if seen[short(name)] == 1 else name for name in names}
