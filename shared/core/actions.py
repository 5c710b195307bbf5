"""The closed set of things a drain may do to the world. Each has a stable key."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SetDrainMode:
    """PATCH ``allowNewSession``. ``allow=False`` is drain mode on."""

    host: str
    allow: bool
    why: str
    kind: Literal["setDrainMode"] = "setDrainMode"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.allow}"


@dataclass(frozen=True, slots=True)
class SendMessage:
    host: str
    session: str
    """The session's key, see ``SessionRecord.key``."""
    session_id: str
    user: str
    notice: int
    """Which notice to this session it is: 1 is the first."""
    title: str
    text: str
    why: str
    kind: Literal["sendMessage"] = "sendMessage"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.session}:{self.notice}"


@dataclass(frozen=True, slots=True)
class SignOut:
    host: str
    session: str
    session_id: str
    user: str
    force: bool
    why: str
    kind: Literal["signOut"] = "signOut"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}:{self.session}"


@dataclass(frozen=True, slots=True)
class Restart:
    host: str
    vm_id: str
    why: str
    kind: Literal["restart"] = "restart"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.host}"


Action = SetDrainMode | SendMessage | SignOut | Restart
