"""Where the app is, and who asks: an address, a function key, a token of Entra."""

import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from cli.errors import CommandError, Exit, bad_use

KEY = "AVD_DRAIN_KEY"


@dataclass(frozen=True, slots=True)
class Target:
    """``base`` has no slash at its end. ``headers`` makes those that say who asks: they are secret."""

    base: str
    is_loopback: bool
    headers: Callable[[], dict[str, str]] = field(repr=False)


def target(url: str | None, scope: str | None) -> Target:
    """Raises :class:`CommandError` where no secret could be sent there safely."""
    if not url:
        raise bad_use("the app's address is missing: --url, or AVD_DRAIN_URL")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise bad_use("--url is no address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise bad_use("--url must begin with https://")
    if parts.username is not None or parts.query or parts.fragment:
        raise bad_use(f"--url holds more than an address; a key belongs in {KEY}")
    if not _may_be_asked(url, host):
        raise bad_use("--url is no address")
    loopback = _is_loopback(host)
    if parts.scheme == "http" and not loopback:
        raise bad_use("plain http only goes to this machine; say https://")
    path = re.sub(r"/(api(/.*)?)?$", "", parts.path)  # the board's address will do
    return Target(f"{parts.scheme}://{parts.netloc}{path}", loopback, _headers(scope))


def _may_be_asked(url: str, host: str) -> bool:
    """Whether the HTTP library takes it."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return not any(c.isspace() or not c.isprintable() for c in url)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _headers(scope: str | None) -> Callable[[], dict[str, str]]:
    key = os.environ.get(KEY, "")
    if not all("!" <= c <= "~" for c in key):  # else the HTTP library would quote it in an error
        raise bad_use(f"{KEY} holds characters that no key has")
    fixed = {"x-functions-key": key} if key else {}
    if not scope:
        return lambda: fixed
    token = _entra(scope)
    return lambda: {**fixed, "Authorization": f"Bearer {token()}"}


def _entra(scope: str) -> Callable[[], str]:
    """A token of whoever is signed in; azure-identity keeps it, and asks for a new one in time."""
    try:
        from azure.core.exceptions import ClientAuthenticationError
        from azure.identity import DefaultAzureCredential
    except ImportError:
        raise bad_use(
            "--scope needs azure-identity: pipx inject avd-drain azure-identity"
        ) from None
    logging.getLogger("azure").addHandler(logging.NullHandler())  # what it tried is not for stderr
    credential = DefaultAzureCredential()

    def token() -> str:
        try:
            return credential.get_token(scope).token
        except ClientAuthenticationError as error:
            first = str(error.message).splitlines()[0]
            hint = "sign in first: az login, azd auth login, or Connect-AzAccount"
            raise CommandError(Exit.REFUSED, f"Entra gave no token: {first}", hint) from None

    return token
