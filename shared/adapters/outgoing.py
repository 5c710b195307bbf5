"""Calls to addresses that a caller named, to public IP addresses only.

The operator has allowed the host name; this module checks what it resolves to, at each call. A name
that resolves to a private, link-local or otherwise special address, or to an address of Azure that
serves the machine, is not called. The connection goes to the address that was checked, so the name
cannot resolve to another one a moment later. Redirects are not followed.
"""

import ipaddress
import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from shared.errors import (
    AnswerLostError,
    DeniedError,
    NotFoundError,
    PassingError,
    RejectedError,
)

_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=20)
_OF_THE_PLATFORM = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Azure's own service for virtual machines: it has a public address, but is not public."""

_TUNNELS = tuple(map(ipaddress.IPv6Network, ("2001::/32", "2002::/16", "64:ff9b:1::/48")))
"""Teredo, 6to4 and the local translation prefix (RFC 8215): where they lead is decided by the
network."""
_CARRY = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96")))
"""IPv4-compatible, IPv4-mapped and NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is
meant."""


class ForbiddenAddressError(OSError):
    """A name that resolves to an address that may not be called."""


def is_public(address: str, *, loopback: bool) -> bool:
    """Whether an IP address may be called. ``loopback``: whether this machine may be."""
    try:
        found = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and not found.is_loopback:
        if any(found in network for network in _TUNNELS):
            return False
        found = _carried(found) or found
    if found.is_loopback:
        return loopback
    return found.is_global and not found.is_multicast and found not in _OF_THE_PLATFORM


def _carried(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if any(found in network for network in _CARRY):
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return None


class GuardedResolver(AbstractResolver):
    """Resolves names, and returns public addresses only. Raises ForbiddenAddressError if a name has
    any other address."""

    def __init__(self, inner: AbstractResolver, *, loopback: bool) -> None:
        self._inner = inner
        self._loopback = loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(each["host"], loopback=self._loopback) for each in found):
            raise ForbiddenAddressError("its name leads to an address that is not public")
        return found

    async def close(self) -> None:
        await self._inner.close()


class Outgoing:
    """Posts JSON, and asks for a status. Errors never contain the address, which may hold a
    secret."""

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback

    async def post(self, url: str, body: Mapping[str, Any], key: str) -> None:
        """Post JSON. Raises errors of ``shared.errors`` unless the call was accepted."""
        await self.send(url, json.dumps(body).encode(), key)

    async def send(
        self, url: str, data: bytes, key: str, more: Mapping[str, str] | None = None
    ) -> None:
        """Post bytes of JSON that must arrive as they are, with ``more`` headers. Only the status
        of the response is read. Raises errors of ``shared.errors`` unless the call was accepted."""
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
        _judge(await self._call("POST", url, headers | dict(more or {}), data))

    async def get(self, url: str) -> int:
        """The status of the response. Raises errors of ``shared.errors`` if there is no
        response."""
        return await self._call("GET", url, {}, None)

    async def _call(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None
    ) -> int:
        if not self._literal_may_be_called(url):
            raise RejectedError("its address is not public")
        resolver = GuardedResolver(aiohttp.ThreadedResolver(), loopback=self._loopback)
        connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False)
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT, connector=connector) as session,
                session.request(
                    method, url, data=data, headers=headers, allow_redirects=False
                ) as response,
            ):
                return response.status
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            if isinstance(error.__cause__ or error.__context__, ForbiddenAddressError):
                raise RejectedError("its name leads to an address that is not public") from None
            raise PassingError(f"it cannot be reached ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnswerLostError(f"it did not answer ({type(error).__name__})") from None

    def _literal_may_be_called(self, url: str) -> bool:
        """Whether the host may be called, if it is a literal IP address: the resolver does not see
        those."""
        host = urlsplit(url).hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return True
        return is_public(host, loopback=self._loopback)


def _judge(status: int) -> None:
    """Raises an error of ``shared.errors`` unless the status says that the call was accepted."""
    text = f"it answered {status}"
    match status:
        case code if 200 <= code < 300:
            return
        case 401 | 403:
            raise DeniedError(text)
        case 404 | 410:
            raise NotFoundError(text)
        case 408 | 500 | 502 | 504:
            raise AnswerLostError(text)
        case 409 | 423 | 425 | 429 | 503:
            raise PassingError(text)
        case code if 300 <= code < 400:
            raise RejectedError(f"{text}: redirects are not followed")
        case _:
            raise RejectedError(text)
