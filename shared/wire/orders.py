"""Orders to a drain, and a webhook's reply."""

from typing import Literal

from pydantic import Field, StrictBool

from shared.wire.derived import Body
from shared.wire.fields import Duration
from shared.wire.start import Hosts, Named


class OrderBody(Body):
    reason: str = Field(default="", max_length=500)


class ReleaseBody(OrderBody):
    hosts: Hosts = "all"

    @property
    def named(self) -> tuple[str, ...] | None:
        return None if self.hosts == "all" else tuple(self.hosts)


class ExtendBody(ReleaseBody):
    by: Duration


class HostsBody(OrderBody):
    hosts: Named


class AnswerBody(Body):
    status: Literal["Succeeded", "Failed"]
    message: str = Field(default="", max_length=1000)


class PauseBody(OrderBody):
    stop_clocks: StrictBool = True
