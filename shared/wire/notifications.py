"""The body of a request that tries a receiver of notifications."""

from pydantic import Field

from shared.wire.derived import Body


class TryBody(Body):
    """Which receiver gets a test message."""

    receiver: str = Field(min_length=1, max_length=40)
    """The receiver's name in NOTIFICATIONS."""
