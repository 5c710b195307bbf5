"""A test message to a receiver of notifications."""

from pydantic import Field

from shared.wire.derived import Body


class TryBody(Body):
    """Whom to send a test message."""

    receiver: str = Field(min_length=1, max_length=40)
    """Its name in NOTIFICATIONS."""
