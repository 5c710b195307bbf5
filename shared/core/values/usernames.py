"""How users' names are written in what outlasts their sessions."""

from enum import StrEnum


class UserNames(StrEnum):
    FULL = "full"
    """As the service tells them."""
    HASHED = "hashed"
    """As a mark: the same user has the same one in one drain, and another one in the next."""
    NONE = "none"
    """Not at all."""
