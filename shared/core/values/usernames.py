"""How users' names are written in records that outlive their sessions."""

from enum import StrEnum


class UserNames(StrEnum):
    FULL = "full"
    """As the service reports them."""
    HASHED = "hashed"
    """As a digest: the same for a user within one drain, and different in another drain."""
    NONE = "none"
    """Not at all."""
