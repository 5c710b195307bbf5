"""Fields that explain themselves: a default, what it means, and what values make sense.

The request bodies, the answers and the page that explains the policy are all made from these, so
that a field is written once.
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
    """A dataclass field. ``least`` and ``most`` bound a number, a text's length or a list's;
    ``template`` marks a text with fields to be filled in, ``secret`` one that is never shown."""
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
