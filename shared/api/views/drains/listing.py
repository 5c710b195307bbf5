"""Lists: of drains, of a drain's hosts, of what was done; and a policy as a whole."""

from typing import Any, NotRequired, TypedDict

from pydantic import with_config

from shared.api.views.drains.drain import DrainView
from shared.api.views.drains.host import HostView
from shared.core.policy.policy import Policy
from shared.wire.derived import as_written
from shared.wire.views.history import EntryView
from shared.wire.views.words import CLOSED


@with_config(CLOSED)
class DrainList(TypedDict):
    """Drains, the newest first."""

    value: list[DrainView]
    """The items of this page."""
    nextLink: NotRequired[str]
    """Where the next page is; left out on the last."""


@with_config(CLOSED)
class HostList(TypedDict):
    """The hosts of a drain, by name."""

    value: list[HostView]
    """The items of this page."""
    nextLink: NotRequired[str]
    """Where the next page is; left out on the last."""


@with_config(CLOSED)
class DrainPolicy(TypedDict):
    """What a drain was asked to do, and how."""

    id: str
    """The drain's id."""
    policy: dict[str, Any]
    """The policy as it would be written in a request, with its defaults."""


@with_config(CLOSED)
class History(TypedDict):
    """What was done, oldest first."""

    value: list[EntryView]
    """The items of this page."""
    nextLink: NotRequired[str]
    """Where the next page is; left out on the last."""


def policy_view(policy: Policy) -> dict[str, Any]:
    """A policy as it would be written in a request."""
    found: dict[str, Any] = as_written(policy)
    return found
