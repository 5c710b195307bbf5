"""Which addresses outside the app may call, on somebody's request."""

from urllib.parse import urlsplit

from shared.core.allowed import Allowed

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def fault_of(url: str, allowed: Allowed) -> str:
    """What is wrong with an address, without repeating it: it may hold a secret. Empty if nothing
    is. What its name resolves to is looked at when it is called."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "not an address"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return "an https address; plain http is allowed to loopback only"
    if parts.username is not None or parts.password is not None:
        return "an address without a user name or password"
    if not allowed.webhook_host(host):
        return "its host name is not among those that the setting WEBHOOK_HOSTS allows"
    return ""
