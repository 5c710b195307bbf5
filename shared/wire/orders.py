"""The bodies of orders to a drain, and of a webhook's reply."""

from typing import Literal

from pydantic import Field, StrictBool

from shared.wire.derived import Body
from shared.wire.fields import Duration
from shared.wire.start import Hosts, Named


class OrderBody(Body):
    """An order to a drain."""

    reason: str = Field(default="", max_length=500)
    """Why, for the history."""


class ReleaseBody(OrderBody):
    """Reports that the maintenance of hosts is done."""

    hosts: Hosts = "all"
    """The names of hosts, or `all`."""

    @property
    def named(self) -> tuple[str, ...] | None:
        return None if self.hosts == "all" else tuple(self.hosts)


class ExtendBody(ReleaseBody):
    """Gives users of hosts more time."""

    by: Duration
    """How much more time users are given."""


class HostsBody(OrderBody):
    """An order for some hosts."""

    hosts: Named
    """The names of hosts."""


class AnswerBody(Body):
    """What a webhook reports of its host."""

    status: Literal["Succeeded", "Failed"]
    """Whether the host's maintenance went well."""
    message: str = Field(default="", max_length=1000)
    """What the history notes of it."""


class PauseBody(OrderBody):
    """Pauses a drain."""

    stop_clocks: StrictBool = True
    """Whether deadlines stand still during the pause."""
