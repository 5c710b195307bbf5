"""What the operator's settings allow: scripts by name, and addresses by host name.

Callers choose among these. So a caller can neither run code of their own on a host nor make the app
call an address of their choice.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The host names of this machine itself."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script for session hosts: its ``text``, or the ``uri`` where it is stored. ``parameters``:
    the regular expression that each parameter's whole value must match, by name. A parameter
    that is left out counts as empty."""

    text: str = field(default="", repr=False)
    uri: str = field(default="", repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)

    def fits(self, parameter: str, value: str) -> bool:
        """Whether the whole value matches the parameter's pattern, in time linear in the value.
        Raises KeyError if the script has no such parameter."""
        compiled, _ = _compiled(self.parameters[parameter])
        return compiled.fullmatch(value) is not None


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern, in RE2's words; None if nothing is."""
    return _compiled(pattern)[1]


@cache
def _compiled(pattern: str) -> tuple[Any, str | None]:
    """The compiled pattern, and what is wrong with it. RE2 reads each character once, whatever the
    pattern, and has neither lookaround nor back references. It is imported with the first
    pattern, because most apps have none."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options), None
    except re2.error as error:
        text = error.args[0] if error.args else ""
        return None, text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


@dataclass(frozen=True, slots=True)
class Allowed:
    """``webhook_hosts``: host names. One that begins with ``*.`` allows all names below it."""

    scripts: Mapping[str, Script] = field(default_factory=dict)
    webhook_hosts: tuple[str, ...] = ()

    def webhook_host(self, name: str) -> bool:
        """Whether calls to this host name are allowed. Letter case does not matter."""
        wanted = name.lower()
        allowed = (name.lower() for name in self.webhook_hosts)
        return any(
            wanted == known or (known.startswith("*.") and wanted.endswith(known[1:]))
            for known in allowed
        )


NOTHING = Allowed()


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
