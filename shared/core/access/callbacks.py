"""Which addresses the app may call when a caller asks for it."""

import ipaddress
import re
from urllib.parse import urlsplit

from shared.core.access.allowed import LOOPBACK, Allowed


def fault_of(url: str, allowed: Allowed) -> str:
    """What is wrong with an address; empty if nothing is. The text does not repeat the address,
    which may contain a secret. The IP addresses behind its host name are checked when it is
    called."""
    if not url.isascii() or _NEVER.search(url):
        return "an address of ASCII characters without spaces; encode others"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "not an address"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return "an https address; plain http is allowed to loopback only"
    if parts.username is not None or parts.password is not None:
        return "an address without a user name or password"
    if port == 0 or not (_is_name(host) or _is_number(host)):
        return "not an address: its host name or port cannot be"
    if not allowed.webhook_host(host):
        return "its host name is not among those that the setting WEBHOOK_HOSTS allows"
    return ""


_NEVER = re.compile(r"[\x00-\x20\x7f\\]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_LONGEST = 253


def _is_name(host: str) -> bool:
    """Whether the host name is valid in DNS (RFC 1035, 2.3.4). The HTTP client raises on other
    names."""
    labels = host.removesuffix(".").split(".")
    return len(host) <= _LONGEST and all(_LABEL.fullmatch(label) for label in labels)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
