"""Messages as Adaptive Cards for Teams, and the body in which a workflow's webhook accepts them.

https://adaptivecards.io/schemas/1.5.0/adaptive-card.json, and
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using.
Names and reasons come from elsewhere: they stand in text runs, which do not interpret Markdown,
without invisible characters. Only the app's own words stand in text blocks, which do.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from shared.core.drain.happenings import Happening, Level
from shared.core.notifications.message import Item, Message, headline
from shared.core.values.texts import plain

LARGEST = 24_000
"""Bytes of the body. Teams accepts 28 KB, which includes the workflow's own part."""
_TEXT = 300
_NAME = 120
_COLORS = {Level.INFO: "default", Level.WARNING: "warning", Level.ERROR: "attention"}
_LOOKS: dict[str, dict[str, Any]] = {
    "default": {}, "subtle": {"isSubtle": True}, "bolder": {"weight": "bolder"}
}  # fmt: skip
_STYLES = {Level.INFO: "emphasis", Level.WARNING: "warning", Level.ERROR: "attention"}


def payload(message: Message) -> bytes:
    """The body of the call, no larger than a workflow accepts. Items for which there is no room are
    counted."""
    made = b""
    for shown in range(len(message.items), -1, -1):
        made = _body(message, shown)
        if len(made) <= LARGEST:
            break
    return made


def _body(message: Message, shown: int) -> bytes:
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card(message, shown),
    }
    raw = {"type": "message", "attachments": [attachment]}
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def card(message: Message, shown: int) -> dict[str, Any]:
    """``shown``: how many of the items are listed; the rest are counted."""
    title = {
        "type": "TextBlock", "text": headline(message), "size": "large", "weight": "bolder",
        "wrap": True, "color": _COLORS[message.level],
    }  # fmt: skip
    body = [{"type": "Container", "style": _STYLES[message.level], "bleed": True, "items": [title]}]
    alone = len(message.items) == 1
    body += [_container(_whole(i) if alone else _short(i)) for i in message.items[:shown]]
    if more := len(message.items) - shown:
        body.append(_container([_runs((f"… and {more} more", "subtle"))]))
    made: dict[str, Any] = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": headline(message),
        "body": body,
    }
    if message.address:
        made["actions"] = [
            {"type": "Action.OpenUrl", "title": "Open the board", "url": f"{message.address}board"}
        ]
    return made


def _container(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "Container", "separator": True, "items": items}


def _whole(item: Item) -> list[dict[str, Any]]:
    it = item.happening
    lines = [_runs((plain(it.text, _TEXT), "default"))]
    lines += [_runs((f"{name}: ", "subtle"), (value, "default")) for name, value in _facts(it)]
    lines += [_runs((f"• {plain(line, _TEXT)}", "default")) for line in it.details]
    return [*lines, *_times(item)]


def _short(item: Item) -> list[dict[str, Any]]:
    it = item.happening
    where = " · ".join(part for part in (plain(it.host or it.schedule, _NAME), *_pools(it)) if part)
    runs = [(f"{where}: ", "bolder")] if where else []
    return [_runs(*runs, (plain(it.text, _TEXT), "default")), *_times(item)]


def _times(item: Item) -> list[dict[str, Any]]:
    if item.times < 2:
        return []
    since = f"{item.first_at:%Y-%m-%d %H:%M} UTC"
    return [_runs((f"{item.times} times since {since}", "subtle"))]


def _facts(it: Happening) -> Iterator[tuple[str, str]]:
    pools = list(_pools(it))
    if pools:
        yield "Host pool" if len(pools) == 1 else "Host pools", ", ".join(pools)
    for name, value in (
        ("Host", it.host),
        ("Schedule", it.schedule),
        ("Drain", it.drain),
        ("Reason", it.reason),
        ("Asked by", it.asked_by),
    ):
        if value:
            yield name, plain(value, _NAME)
    if it.counts:
        yield "Counted", ", ".join(f"{_spaced(k)} {n}" for k, n in it.counts.items())
    yield "At", f"{it.at:%Y-%m-%d %H:%M:%S} UTC"


def _spaced(name: str) -> str:
    """A field's name as people write it."""
    return plain(re.sub("([A-Z])", r" \1", name).lower(), _NAME)


_MOST_POOLS = 5


def _pools(it: Happening) -> Iterator[str]:
    for pool in it.pools[:_MOST_POOLS]:
        yield plain(pool.rsplit("/", 1)[-1], _NAME)
    if len(it.pools) > _MOST_POOLS:
        yield f"{len(it.pools) - _MOST_POOLS} more"


def _runs(*texts: tuple[str, str]) -> dict[str, Any]:
    """One line: pairs of text and its look."""
    inlines = [{"type": "TextRun", "text": text, **_LOOKS[look]} for text, look in texts]
    return {"type": "RichTextBlock", "spacing": "small", "inlines": inlines}
