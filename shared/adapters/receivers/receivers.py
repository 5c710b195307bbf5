"""The receivers by name. Only this module holds their addresses and keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.adapters.outgoing import Outgoing
from shared.adapters.receivers import grid, https, teams
from shared.core.notifications.message import Message
from shared.core.notifications.rules import ReceiverKind
from shared.errors import NotFoundError, PassingError
from shared.ports import Clock, Topic


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a receiver is reached. ``url``: None for Event Grid, or if it is not known now, and
    then ``why`` says why. ``keys``: the bytes that sign, the newest first."""

    kind: ReceiverKind
    url: str | None = field(default=None, repr=False)
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    why: str = ""


class ConfiguredReceivers:
    """Implements ``shared.ports.Receivers``."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        outgoing: Outgoing,
        topic: Topic | None,
        clock: Clock,
    ) -> None:
        self._endpoints = endpoints
        self._outgoing = outgoing
        self._topic = topic
        self._clock = clock

    async def notify(self, receiver: str, message: Message) -> None:
        endpoint = self._endpoints.get(receiver)
        if endpoint is None:
            raise NotFoundError("no such receiver")
        if endpoint.why:
            raise PassingError(endpoint.why)
        match endpoint.kind:
            case ReceiverKind.TEAMS:
                await teams.send(self._outgoing, endpoint.url or "", message)
            case ReceiverKind.HTTPS:
                now = self._clock.now()
                await https.send(self._outgoing, endpoint.url or "", endpoint.keys, message, now)
            case ReceiverKind.EVENT_GRID:
                await grid.send(self._topic, message)
