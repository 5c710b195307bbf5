"""This app's own types of events, for a user's own tools. ``AvdDrain.Drain.Requested`` asks for a
drain; its data is the body of ``POST /api/drains``. ``Released`` reports that maintenance by
somebody else is done. ``Canceled`` says that the drain is not wanted any more."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from shared.core.events.intents import EndDrain, EventIntent, StartDrain
from shared.core.events.records import EventKey
from shared.core.events.signals import Malformed
from shared.core.maintenance.webhook import Webhook
from shared.core.values import uniques
from shared.errors import RequestRefusedError
from shared.events.envelope import LONGEST, Context, Envelope, Translators
from shared.events.jsontext import repeated
from shared.wire.bodies import Whole, validated
from shared.wire.commands import read_asked, start_of
from shared.wire.start import HostName, StartBody

REQUESTED = "AvdDrain.Drain.Requested"
RELEASED = "AvdDrain.Drain.Released"
CANCELED = "AvdDrain.Drain.Canceled"
Text = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class EndData(Whole):
    """The data of ``Released`` and ``Canceled``. ``drain`` is the drain's id; or ``request`` is the
    id of the event that asked for the drain, and that event had the same subject as this one."""

    drain: Text | None = None
    request: Text | None = None
    hosts: list[HostName] | None = Field(default=None, min_length=1, max_length=5000)
    reason: str = Field(default="", max_length=500)

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        if len({"drain", "request"} & told.keys()) != 1:
            yield "either 'drain', or 'request', the id of the event that asked for it"


def requested(event: Envelope, context: Context) -> EventIntent:
    if twice := repeated(event.data):
        return Malformed(twice)
    try:
        body = read_asked(StartBody, json.dumps(event.data).encode(), context.allowed)
    except RequestRefusedError as refused:
        return Malformed(refused.texts)
    if isinstance(body.policy_record().maintenance, Webhook) and not context.base:
        text = "a webhook needs the setting PUBLIC_ADDRESS: an event does not tell where to answer"
        return Malformed((text,))
    unique = uniques.of_request(event.key.digest)
    return StartDrain(start_of(body, context.now, unique, context.base))


def released(event: Envelope, context: Context) -> EventIntent:
    return _end(event, cancel=False)


def canceled(event: Envelope, context: Context) -> EventIntent:
    return _end(event, cancel=True)


def _end(event: Envelope, *, cancel: bool) -> EventIntent:
    if twice := repeated(event.data):
        return Malformed(twice)
    data, wrong = validated(EndData, dict(event.data))
    texts = [fault.text for fault in wrong]
    if cancel and event.data.get("hosts") is not None:
        texts.append("hosts: a drain is canceled as a whole")
    if data is None or texts:
        return Malformed(tuple(texts))
    request = EventKey(REQUESTED, data.request, event.subject) if data.request else None
    hosts = tuple(data.hosts) if data.hosts is not None else None
    return EndDrain(data.drain or "", request, cancel, hosts, data.reason)


TYPES: Translators[EventIntent] = {
    REQUESTED: requested,
    RELEASED: released,
    CANCELED: canceled,
}
