"""Calls webhooks, and posts callbacks and reports."""

from collections.abc import Mapping
from typing import Any

from shared.adapters.outgoing import Outgoing
from shared.ports import WebhookCall


class HttpWebhooks:
    """Implements ``shared.ports.Webhooks``. ``loopback``: whether this machine may be called."""

    def __init__(self, *, loopback: bool = False) -> None:
        self._outgoing = Outgoing(loopback=loopback)

    async def call(self, url: str, what: WebhookCall) -> None:
        body = {
            "drain": what.drain,
            "hostPool": what.pool,
            "host": what.host,
            "vmId": what.vm_id,
            "reason": what.reason,
            "attempt": what.time,
            "callbackUrl": what.callback,
            "answerBy": what.answer_by.isoformat().replace("+00:00", "Z"),
        }
        await self._outgoing.post(url, body, f"{what.drain}/{what.host}")

    async def post(self, url: str, body: Mapping[str, Any], key: str) -> None:
        await self._outgoing.post(url, body, key)
