"""Dataclass fields that carry their own documentation: default, meaning and bounds.

The models of requests and responses and the policy's page are made from these fields, so each field
is described once.
"""

from dataclasses import field
from typing import Any


def described(
    default: Any,
    meaning: str,
    *,
    example: Any = None,
    least: float | None = None,
    most: float | None = None,
    template: bool = False,
    secret: bool = False,
) -> Any:
    """A dataclass field. ``meaning`` is the text for users. ``least`` and ``most`` bound a number,
    or the length of a text or list. ``template`` marks a text with placeholders, ``secret`` a
    text that is never shown. A callable ``default`` makes the default."""
    checks = {
        "meaning": meaning,
        "example": example,
        "least": least,
        "most": most,
        "template": template,
        "secret": secret,
    }
    metadata = {name: value for name, value in checks.items() if value is not None}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata, repr=not secret)
