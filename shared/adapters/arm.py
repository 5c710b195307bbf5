"""Clients of Azure Resource Manager, one of each kind a subscription, made when first used."""

from typing import TYPE_CHECKING, Any, Protocol

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import HttpRequest
from azure.mgmt.desktopvirtualization.aio import DesktopVirtualizationMgmtClient

from shared.adapters.limiter import Limiter

if TYPE_CHECKING:
    from azure.mgmt.compute.aio import ComputeManagementClient
    from azure.mgmt.resourcegraph.aio import ResourceGraphClient

_TIMEOUT = 60
"""Seconds without an answer, after which it counts as lost."""


class StaticToken(SansIOHTTPPolicy[HttpRequest, Any]):
    """Sends one fixed token, also over plain http. azure-core's own policy refuses that, and
    rightly: ``settings`` allows this one with loopback addresses only."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def on_request(self, request: PipelineRequest[HttpRequest]) -> None:
        request.http_request.headers["Authorization"] = f"Bearer {self._token}"


class NoCredential:
    """Stands where an SDK insists on a credential although a policy of its own signs."""

    async def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        raise RuntimeError("this client signs its requests with a policy of its own")

    async def close(self) -> None: ...

    async def __aenter__(self) -> "NoCredential":
        return self

    async def __aexit__(self, *args: object) -> None: ...


class Closable(Protocol):
    async def close(self) -> None: ...


class ArmClients:
    """The SDK's clients, with the app's limiter and without the SDK's retries: azure-core
    repeats POST and PATCH after a 500, and would send a user the same message twice. The engine
    looks again instead."""

    def __init__(
        self,
        endpoint: str,
        credential: AsyncTokenCredential,
        authentication: SansIOHTTPPolicy[HttpRequest, Any] | None = None,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._credential = credential
        self._authentication = authentication
        self._limiters: dict[str, Limiter] = {}
        self._desktops: dict[str, DesktopVirtualizationMgmtClient] = {}
        self._computes: dict[str, ComputeManagementClient] = {}
        self._graph: ResourceGraphClient | None = None

    def desktops(self, subscription: str) -> DesktopVirtualizationMgmtClient:
        """The client for host pools of a subscription."""
        if subscription not in self._desktops:
            self._desktops[subscription] = DesktopVirtualizationMgmtClient(
                self._credential, subscription, self.endpoint, **self._options(subscription)
            )
        return self._desktops[subscription]

    def compute(self, subscription: str) -> "ComputeManagementClient":
        """The client for VMs. The package is large, so it is imported where it is used."""
        if subscription not in self._computes:
            from azure.mgmt.compute.aio import ComputeManagementClient

            self._computes[subscription] = ComputeManagementClient(
                self._credential, subscription, self.endpoint, **self._options(subscription)
            )
        return self._computes[subscription]

    def graph(self) -> "ResourceGraphClient":
        """The client for Azure Resource Graph, which is of no subscription."""
        if self._graph is None:
            from azure.mgmt.resourcegraph.aio import ResourceGraphClient

            self._graph = ResourceGraphClient(
                self._credential, self.endpoint, **self._options("resource graph")
            )
        return self._graph

    async def close(self) -> None:
        clients: list[Closable] = [*self._desktops.values(), *self._computes.values()]
        if self._graph is not None:
            clients.append(self._graph)
        for client in [*clients, self._credential]:
            await client.close()

    def _options(self, subscription: str) -> dict[str, Any]:
        limiter = self._limiters.setdefault(subscription, Limiter())
        options: dict[str, Any] = {
            "credential_scopes": [f"{self.endpoint}/.default"],
            "per_call_policies": [limiter],
            "retry_total": 0,
            "connection_timeout": _TIMEOUT,
            "read_timeout": _TIMEOUT,
        }
        if self._authentication is not None:
            options["authentication_policy"] = self._authentication
        return options
