"""What the rules for one host ask of the drain that it belongs to."""

from collections.abc import Mapping
from typing import Protocol

from shared.core.host.orders import Order


class HostControl(Protocol):
    """The part of a drain's control that concerns its hosts."""

    @property
    def id(self) -> str: ...
    @property
    def reason(self) -> str:
        """Why the drain was asked for."""
        ...

    @property
    def address(self) -> str:
        """The address of this app, up to ``/api/``."""
        ...

    @property
    def secret(self) -> str:
        """The key from which callback addresses are derived."""
        ...

    @property
    def cancel(self) -> Order | None:
        """The order that cancelled the drain; None if it was not cancelled."""
        ...

    @property
    def skips(self) -> Mapping[str, Order]:
        """The order to skip a host, by host key."""
        ...

    def released(self, host_key: str) -> Order | None:
        """The order that says that maintenance of this host is done; None if there is none."""
        ...

    def stopped(self, host_key: str) -> Order | None:
        """The order that says that this host is no longer to be maintained; None if there is none."""
        ...
