"""What the operator of the app allows, by its settings: scripts by name, webhooks by host name.

A caller of the app chooses among these; nobody who can only call it can run code of their own on
a host, or make the app call an address of their choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Script:
    """A script for session hosts: its text, or where it lies. ``parameters``: each name with the
    pattern that its whole value must fit; what is left out counts as empty."""

    text: str = field(default="", repr=False)
    uri: str = field(default="", repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)


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
