"""Settings that allow what drains may use: the scripts in RUN_COMMANDS, the host names in
WEBHOOK_HOSTS."""

from collections.abc import Mapping

from shared.core.access.allowed import LOOPBACK, Allowed, Script
from shared.settings.documents.scripts import read_scripts
from shared.settings.setting import Group, Setting
from shared.settings.values import listed

LOGIC_APPS = ("*.logic.azure.com", "*.logic.azure.us", "*.logic.azure.cn")
"""The host names of Logic Apps (consumption) in the public, US government and China clouds."""
_HOST = r"([*][.])?[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|::1"


class AllowSettings(Group):
    __slots__ = ()

    run_commands = Setting[Mapping[str, Script]](
        "RUN_COMMANDS",
        read_scripts,
        {},
        "The scripts that a drain may run on hosts, as JSON: by name, each with its "
        "script (a text, or a list of lines) or scriptUri, and the pattern that each of its "
        "parameters must fit. None unless it is set.",
    )
    webhook_hosts = Setting[tuple[str, ...]](
        "WEBHOOK_HOSTS",
        listed(_HOST, "host names, which may begin with '*.'"),
        LOGIC_APPS,
        "The host names that the app may call on a caller's request (webhooks, "
        "callbacks), separated by commas; one that begins with *. stands for all below it. Loopback "
        "only where ARM_ENDPOINT is loopback; private addresses never.",
    )

    def allow_faults(self, *, loopback: bool) -> list[str]:
        """Faults for loopback host names. ``loopback``: whether the app may talk to this machine
        over plain http."""
        if not loopback and set(self.webhook_hosts) & LOOPBACK:
            return ["WEBHOOK_HOSTS: loopback only where ARM_ENDPOINT is loopback"]
        return []

    @property
    def allowed(self) -> Allowed:
        """What drains may use."""
        return Allowed(self.run_commands, self.webhook_hosts)
