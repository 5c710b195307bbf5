"""Settings about notifications: who is notified of what, besides those who subscribe to a drain.

Reading receivers and rules loads all that reading requests loads. So that is loaded only if there
are some.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared.settings.setting import Family, Group, Secret, Setting
from shared.settings.values import json_of

if TYPE_CHECKING:
    from shared.core.notifications.rules import Notifications


def _notifications(text: str) -> "Notifications | None":
    if json_of(text) == {}:
        return None
    from shared.settings.documents.notifications import read

    return read(text)


class NotifySettings(Group):
    __slots__ = ()

    notifications = Setting["Notifications | None"](
        "NOTIFICATIONS",
        _notifications,
        None,
        "Who is told that a drain began or ended, that a host needs attention, or a schedule's report: a JSON "
        "object of receivers and rules, or the name of a .json file beside function_app.py that holds one. It names "
        "the settings that hold addresses and keys, and holds none itself. Left out, nobody is told.",
    )
    secrets = Family[Secret](
        "NOTIFY_*",
        Secret,
        "Addresses and keys of the receivers that NOTIFICATIONS names, each in a setting of its own whose name "
        "begins so. Best a reference to Key Vault. They are told nowhere.",
    )

    def notify_faults(self, *, topic: bool, loopback: bool) -> Iterator[str]:
        """Faults between these settings and others. ``topic``: whether the app has a topic.
        ``loopback``: whether the app may talk to this machine over plain http."""
        if self.notifications is None:
            return
        from shared.settings.documents.notifications import faults

        yield from faults(self.notifications, self.secrets, topic=topic, loopback=loopback)
