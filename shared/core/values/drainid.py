"""The ids of drains."""

import hashlib
import re

_DRAIN_ID = re.compile(r"^(?P<pool>[a-z0-9-]{1,40}-[0-9a-f]{10})-(?P<rest>[0-9a-f]{10})$")


def drain_id(pool_key: str, unique: str) -> str:
    """A drain's id: its pool's key and a digest of ``unique``. So the id alone leads to the
    partition that holds the drain."""
    return f"{pool_key}-{hashlib.sha256(unique.encode()).hexdigest()[:10]}"


def is_drain_id(text: str) -> bool:
    """Whether the text has the form of a drain's id."""
    return _DRAIN_ID.fullmatch(text) is not None


def pool_key_of(drain: str) -> str:
    """The key of the drain's pool. Raises ValueError if the text is not a drain's id."""
    found = _DRAIN_ID.fullmatch(drain)
    if found is None:
        raise ValueError(f"not a drain's id: {drain!r}")
    return found["pool"]
