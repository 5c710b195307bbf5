"""What a host's rules ask of the drain that it belongs to."""

from collections.abc import Mapping
from typing import Protocol

from shared.core.host.orders import Order


class HostControl(Protocol):
    """The part of a drain's control that is about one host."""

    @property
    def id(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def address(self) -> str:
        """Where this app is called, up to ``/api/``."""
        ...

    @property
    def secret(self) -> str: ...
    @property
    def cancel(self) -> Order | None: ...
    @property
    def skips(self) -> Mapping[str, Order]: ...
    def released(self, host_key: str) -> Order | None:
        """Who said that maintenance of this host is done, if anyone did."""
        ...

    def stopped(self, host_key: str) -> Order | None:
        """Who said that this host is not to be maintained after all, if anyone did."""
        ...
