"""Lists: of drains, of a drain's hosts, of what was done; and a policy as a whole."""

from typing import Any

from shared.api.views.drains.drain import DrainView
from shared.api.views.drains.host import HostView
from shared.api.views.page import page_of
from shared.wire.views.history import EntryView
from shared.wire.views.words import View

DrainList = page_of("DrainList", DrainView, "Drains, the newest first.")
HostList = page_of("HostList", HostView, "The hosts of a drain, by name.")
History = page_of("History", EntryView, "What was done, oldest first.")


class DrainPolicy(View):
    """What a drain was asked to do, and how."""

    id: str
    """The drain's id."""
    policy: dict[str, Any]
    """The policy as it would be written in a request, with its defaults."""
