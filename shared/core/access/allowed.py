"""What the operator of the app allows, by its settings: scripts by name, webhooks by host name.

A caller of the app chooses among these; nobody who can only call it can run code of their own on
a host, or make the app call an address of their choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The host names of this machine."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script for session hosts: its text, or where it lies. ``parameters``: each name with the
    pattern that its whole value must fit; what is left out counts as empty."""

    text: str = field(default="", repr=False)
    uri: str = field(default="", repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)

    def fits(self, parameter: str, value: str) -> bool:
        """Whether the whole value fits the pattern of that parameter, in time linear in the value.
        Raises KeyError for a parameter that the script does not have."""
        compiled, _ = _compiled(self.parameters[parameter])
        return compiled.fullmatch(value) is not None


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern, in RE2's words; none if nothing is."""
    return _compiled(pattern)[1]


@cache
def _compiled(pattern: str) -> tuple[Any, str | None]:
    """With what is wrong with it. RE2 looks at each character once, whatever the pattern is: it knows
    neither lookaround nor references back. It is loaded with the first pattern: most apps have none."""
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
    """``webhook_hosts``: host names; one that begins with ``*.`` stands for all below it."""

    scripts: Mapping[str, Script] = field(default_factory=dict)
    webhook_hosts: tuple[str, ...] = ()

    def webhook_host(self, name: str) -> bool:
        wanted = name.lower()
        for allowed in self.webhook_hosts:
            known = allowed.lower()
            if wanted == known or (known.startswith("*.") and wanted.endswith(known[1:])):
                return True
        return False


NOTHING = Allowed()
