"""Calls to webhooks. No redirect is followed: only the address that was allowed is called."""

import json

import aiohttp

from shared.errors import (
    AnswerLostError,
    DeniedError,
    NotFoundError,
    PassingError,
    RejectedError,
)
from shared.ports import WebhookCall

_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=20)


class HttpWebhooks:
    """Keeps the protocol ``shared.ports.Webhooks``. Errors never hold the address, which may
    hold a secret."""

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
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": f"{what.drain}/{what.host}",
        }
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as session,
                session.post(
                    url, data=json.dumps(body).encode(), headers=headers, allow_redirects=False
                ) as response,
            ):
                status = response.status
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise PassingError(f"it cannot be reached ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnswerLostError(f"it did not answer ({type(error).__name__})") from None
        _judge(status)


def _judge(status: int) -> None:
    """Raises one of our errors unless the call was accepted."""
    text = f"it answered {status}"
    match status:
        case code if 200 <= code < 300:
            return
        case 401 | 403:
            raise DeniedError(text)
        case 404 | 410:
            raise NotFoundError(text)
        case 408 | 500 | 502 | 504:
            raise AnswerLostError(text)
        case 409 | 423 | 425 | 429 | 503:
            raise PassingError(text)
        case code if 300 <= code < 400:
            raise RejectedError(f"{text}: redirects are not followed")
        case _:
            raise RejectedError(text)
