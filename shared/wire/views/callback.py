"""The body of a callback to a subscriber."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired

from shared.core.drain.history.history import Entry
from shared.core.drain.subscriptions import Subscription
from shared.core.drain.summary.overview import Overview
from shared.core.host.status import Status
from shared.wire.views.ending import ErrorBody, ResultView, error_of, result_resource
from shared.wire.views.history import EntryView, entry_resource
from shared.wire.views.words import StatusWord, View


class Callback(View):
    """The body of a callback. `changes` are those since the last call; `result` or `error` come
    with the drain's end."""

    subscription: str
    """The subscription's id."""
    drain: str
    """The drain's id."""
    status: StatusWord
    """The drain's status."""
    changes: list[EntryView]
    """What was done since the last call."""
    result: NotRequired[ResultView]
    """The drain's result, if it succeeded."""
    error: NotRequired[ErrorBody]
    """What went wrong, if the drain failed or was canceled."""


def callback(
    subscription: Subscription, drain: Overview, changes: Sequence[Entry], over: bool
) -> Mapping[str, Any]:
    """The body of a callback."""
    found: Callback = {
        "subscription": subscription.id,
        "drain": drain.id,
        "status": drain.progress.status.value,
        "changes": [entry_resource(entry) for entry in changes],
    }
    if over and drain.progress.status is Status.SUCCEEDED:
        found["result"] = result_resource(drain)
    elif over:
        found["error"] = error_of(drain)
    return found
