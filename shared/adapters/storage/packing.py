"""Texts as properties of an entity, and how large an entity is.

A property holds at most 32 Ki characters: a longer text goes into ``name``, ``name1``, ...
"""

from typing import Any

from shared.adapters.storage.tables.table import Values

_PIECE = 15_000
"""Characters in a property: it takes 32 Ki of UTF-16, where one of ours may count twice."""
LARGEST = 900_000
"""Bytes of an entity: the service takes 1 MiB, with the keys and what it counts itself."""


def pieces(text: str, name: str) -> dict[str, str]:
    """A text as properties: ``name``, and ``name1``, ... where it is long."""
    found = (text[i : i + _PIECE] for i in range(0, len(text), _PIECE))
    return {f"{name}{n or ''}": piece for n, piece in enumerate(found)}


def joined(values: Values, name: str) -> str:
    text, number = "", 0
    while (piece := values.get(f"{name}{number or ''}")) is not None:
        text, number = text + piece, number + 1
    return text


def size_of(values: Values) -> int:
    """Bytes of an entity, as the service counts them: texts as UTF-16, and names, too."""
    return sum(2 * len(name) + 8 + _bytes(value) for name, value in values.items())


def _bytes(value: Any) -> int:
    if not isinstance(value, str):
        return 8
    return 2 * len(value) if value.isascii() else len(value.encode("utf-16-le", "surrogatepass"))
