"""What is remembered of the users of one host: their sessions, and the messages to them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What is remembered of a user session. The service reports neither our messages nor how long a
    session has been disconnected."""

    id: str
    user: str
    created_at: datetime | None
    state: str
    first_seen_at: datetime
    disconnected_since: datetime | None = None
    """When it was first seen disconnected, if it was seen so ever since; None if it is not
    disconnected."""
    messages_sent: int = 0
    """Messages that were sent. One with an unknown outcome counts."""
    messages_done: int = 0
    """How many of the policy's messages are settled: sent, given up, or replaced by a later one."""
    refusals: int = 0
    """How often messages were refused since one was last sent."""
    warned_at: datetime | None = None
    """When the service first accepted a message; None if it has accepted none."""
    refused: str = ""
    """Why the service refused the last message or sign-out; empty if it did not."""
    signed_out_at: datetime | None = None
    """When its sign-out was last requested and not refused; None if it was not."""
    account: str = ""
    """``DOMAIN\\name``; empty if the service does not report it."""

    @property
    def names(self) -> tuple[str, ...]:
        """The user's names, in lower case."""
        return tuple(dict.fromkeys(n.lower() for n in (self.user, self.account) if n))

    @property
    def key(self) -> str:
        """Identifies the session. The id alone does not: the service may give it to a later
        session."""
        began = self.created_at.isoformat() if self.created_at else "?"
        return f"{self.id}:{self.user.lower()}:{began}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one message to one user. It is kept after the session has ended."""

    user: str
    at: datetime
    message: int
    """Which of the policy's messages it was, counted from 1."""
    language: str
    """The UPN suffix whose translation was chosen; empty for the default text."""
    result: str
