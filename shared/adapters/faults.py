"""Turns Azure's errors into those of ``shared.errors``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
)

from shared.adapters.retryafter import retry_after
from shared.core.values.texts import cut
from shared.errors import (
    AnswerLostError,
    DeniedError,
    NotFoundError,
    OutsideError,
    PassingError,
    RejectedError,
    StorageError,
    ThrottledError,
)

_LONGEST = 300
"""The most characters of the service's message that are kept."""


@asynccontextmanager
async def ours(*, write: bool) -> AsyncIterator[None]:
    """Raise errors of ``shared.errors`` for whatever an SDK raises within.

    ``write``: whether a lost response may hide an effect. A response that cannot be read counts as
    lost, whatever error reading it raised.
    """
    try:
        yield
    except OutsideError:
        raise
    except AzureError as error:
        raise _ours(error, write) from error
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        text = f"an answer that cannot be read ({type(error).__name__})"
        raise (AnswerLostError(text) if write else PassingError(text)) from error


@asynccontextmanager
async def stored() -> AsyncIterator[None]:
    """Raise StorageError for whatever an SDK raises within."""
    try:
        yield
    except AzureError as error:
        raise StorageError(_text(error)) from error


def _ours(error: AzureError, write: bool) -> OutsideError:
    text = _text(error)
    if isinstance(error, HttpResponseError) and error.status_code is not None:
        match error.status_code:
            case 429:
                delay = retry_after(error.response)  # type: ignore[arg-type]
                return ThrottledError(text, delay)
            case 401 | 403:
                return DeniedError(text)
            case 404:
                return NotFoundError(text)
            case 409 | 423:
                return PassingError(text)
            case code if 400 <= code < 500 and code != 408:
                return RejectedError(text)
        return AnswerLostError(text) if write else PassingError(text)
    if isinstance(error, ClientAuthenticationError):
        return PassingError(f"cannot sign in to Azure: {text}")
    if _never_sent(error) or not write:
        return PassingError(text)
    return AnswerLostError(text)


def _never_sent(error: AzureError) -> bool:
    """Whether the request was surely never sent, so it had no effect. azure-core reports every
    broken connection as a request error, also one that broke after the request was sent. Only a
    connection that was never made is sure."""
    inner = getattr(error, "inner_exception", None)
    return isinstance(error, ServiceRequestError) and isinstance(
        inner, aiohttp.ClientConnectorError
    )


def _text(error: AzureError) -> str:
    raw = getattr(error, "error", None)
    code, message = getattr(raw, "code", None), getattr(raw, "message", None)
    text = f"{code}: {message}" if code and message else str(error.message or type(error).__name__)
    text = " ".join(text.split())
    return cut(text, _LONGEST)
