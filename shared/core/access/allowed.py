"""What the operator's settings allow: scripts by name, and webhooks by host name.

Callers choose among these. So a caller can neither run code of their own on a host nor make the app
call an address of their choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

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
