"""Clients of Azure Resource Manager, one a subscription, made when first used."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urljoin, urlsplit

import aiohttp
from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import AsyncHttpResponse, HttpRequest

from shared.adapters.azure.arm.limiter import SHARE, Limiter
from shared.adapters.faults import ours
from shared.adapters.transport import TURNS, Transport
from shared.errors import PassingError, RejectedError
from shared.ports import SILENT, Telemetry

if TYPE_CHECKING:
    from azure.mgmt.desktopvirtualization.aio import DesktopVirtualizationMgmtClient

MOST_PAGES = 2_000
"""Of one list: ten thousand hosts in pages of 50, ten times over."""
_CONNECTIONS = 256
"""At a time, of one subscription; aiohttp's own limit is 100, and the rest would wait for those."""
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


class OneTimeTransport(Transport):
    """Sends each request once, and as many at a time as a full bucket lets out. aiohttp repeats PUT and
    DELETE by itself where a kept connection breaks before the answer: a script then runs twice, and the 409
    for the repeat looks like a refusal. aiohttp has no public switch for that."""

    async def open(self) -> None:
        if self.session is None:  # as the base makes it, but for the number
            self.session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=self._use_env_settings,
            )
        await super().open()
        if self.session is not None:
            self.session._retry_connection = False  # noqa: SLF001


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
        share: float = SHARE,
        telemetry: Telemetry = SILENT,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._credential = credential
        self._authentication = authentication
        self._share = share
        self._telemetry = telemetry
        self._limiters: dict[str, Limiter] = {}
        self._desktops: dict[str, DesktopVirtualizationMgmtClient] = {}

    def desktops(self, subscription: str) -> "DesktopVirtualizationMgmtClient":
        """The client for a subscription. Its package is imported where it is used: it is large."""
        if subscription not in self._desktops:
            from azure.mgmt.desktopvirtualization.aio import DesktopVirtualizationMgmtClient

            self._desktops[subscription] = DesktopVirtualizationMgmtClient(
                self._credential, subscription, self.endpoint, **self._options(subscription)
            )
        return self._desktops[subscription]

    def room(self, subscription: str) -> int:
        """How many writes the limiter would let through at once."""
        return self._limiter(subscription).room()

    def at(self, resource_id: str) -> str:
        """The address of a resource."""
        return f"{self.endpoint}{quote(resource_id)}"

    def checked(self, address: str) -> str:
        """An address that the service handed out, made absolute, if it is the control plane's own: the bearer
        token goes nowhere else. Raises RejectedError."""
        try:
            whole = urljoin(f"{self.endpoint}/", address)
        except ValueError:
            whole = ""
        if _origin(whole) != _origin(self.endpoint):
            raise RejectedError("an address that is not the control plane's")
        return whole

    async def request(self, subscription: str, request: HttpRequest) -> AsyncHttpResponse:
        """Send a request of ours through the SDK's pipeline: its authentication, and our limiter. The
        desktops' client has the method that every other client shows publicly, under this name. As a stream:
        else the pipeline reads the body's JSON, too, which takes as long again and fails where it is none."""
        sent = self.desktops(subscription)._send_request(request, stream=True)  # noqa: SLF001
        response: AsyncHttpResponse = await sent
        await response.read()
        return response

    async def json(
        self, subscription: str, address: str, body: Any = None, **params: str
    ) -> Mapping[str, Any]:
        """The object that an address answers to a GET, or to a POST that reads (of ``body``): the answer to
        it may be lost, and nothing is unknown. Raises OutsideError, also where the answer is no JSON object."""
        method = "GET" if body is None else "POST"
        request = HttpRequest(method, self.checked(address), params=params, json=body)
        async with ours(write=False):
            response = await self.request(subscription, request)
            response.raise_for_status()
            found = response.json() if response.content else None
        if not isinstance(found, dict):
            raise PassingError("an answer that is no JSON object")
        return found

    async def listed(self, subscription: str, address: str, **params: str) -> list[Any]:
        """All items of a list, whatever pages it comes in. Raises what ``pages`` raises."""
        return [
            item
            async for page in self.pages(subscription, address, MOST_PAGES, **params)
            for item in page
        ]

    async def pages(
        self, subscription: str, address: str, most: int = MOST_PAGES, **params: str
    ) -> AsyncIterator[list[Any]]:
        """A list by its pages, at most so many of them: the next one comes while this one is read. Raises
        OutsideError; a list whose pages never end, or come again, or that is no list, counts as not read."""
        came = set[str]()
        coming = asyncio.ensure_future(self.json(subscription, address, **params))
        try:
            for number in range(1, most + 1):
                page = await coming
                items = page.get("value")
                if not isinstance(items, list):
                    raise PassingError("a list without items in its answer")
                following = str(page.get("nextLink") or "")
                if following in came:
                    raise PassingError("a list whose pages lead back to one before")
                if following and number < most:
                    came.add(following)
                    coming = asyncio.ensure_future(self.json(subscription, following))
                    for _ in range(TURNS + 1):  # then it is sent
                        await asyncio.sleep(0)
                yield items
                if not following:
                    return
        finally:
            coming.cancel()
        if most == MOST_PAGES:
            raise PassingError(f"a list of over {MOST_PAGES} pages")

    async def send(
        self, subscription: str, method: str, address: str, body: Any = None, **params: str
    ) -> None:
        """A write. What is in the answer does not matter, only that it says yes."""
        request = HttpRequest(method, self.checked(address), params=params, json=body)
        async with ours(write=True):
            response = await self.request(subscription, request)
            response.raise_for_status()

    async def close(self) -> None:
        clients: list[Closable] = [*self._desktops.values(), self._credential]
        for client in clients:
            await client.close()

    def _limiter(self, subscription: str) -> Limiter:
        if subscription not in self._limiters:
            self._limiters[subscription] = Limiter(share=self._share, telemetry=self._telemetry)
        return self._limiters[subscription]

    def _options(self, subscription: str) -> dict[str, Any]:
        options: dict[str, Any] = {
            "credential_scopes": [f"{self.endpoint}/.default"],
            "per_call_policies": [self._limiter(subscription)],
            "retry_total": 0,
            "connection_timeout": _TIMEOUT,
            "read_timeout": _TIMEOUT,
            "transport": OneTimeTransport(connection_timeout=_TIMEOUT, read_timeout=_TIMEOUT),
        }
        if self._authentication is not None:
            options["authentication_policy"] = self._authentication
        return options


def _origin(address: str) -> tuple[str, str]:
    """Scheme and authority, with the port: the service also names its usual one."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme.lower(), 0)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), f"{parts.netloc.lower().removesuffix(f':{parts.port}')}:{port}"
