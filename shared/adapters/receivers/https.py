"""Any https address. Messages are signed as https://www.standardwebhooks.com says: there are
libraries that check it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime

from shared.adapters.outgoing import Outgoing
from shared.core.notifications.message import Message, body

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


async def send(
    outgoing: Outgoing, url: str, keys: Sequence[bytes], message: Message, now: datetime
) -> None:
    """Send a message. Raises errors of ``shared.errors``."""
    data = json.dumps(body(message), ensure_ascii=False, separators=(",", ":")).encode()
    await outgoing.send(url, data, message.id, signed(keys, message.id, now, data))


def signed(keys: Sequence[bytes], id_: str, now: datetime, data: bytes) -> dict[str, str]:
    """The headers by which a receiver checks who sent a message, when, and that it was not changed:
    HMAC-SHA256 over the id, the time and the body, one signature per key."""
    at = str(int(now.timestamp()))
    content = f"{id_}.{at}.".encode() + data
    marks = (hmac.new(key, content, hashlib.sha256).digest() for key in keys)
    signatures = " ".join(f"v1,{base64.b64encode(mark).decode()}" for mark in marks)
    return {ID: id_, TIMESTAMP: at, SIGNATURE: signatures}
