"""What all responses have in common: the caller's request id, and error bodies for refusals and
faults."""

import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from shared.api.http.problems import problem
from shared.api.http.web import Request, Response
from shared.engine.world.outside import Outside
from shared.errors import (
    OutsideError,
    RefusalKind,
    RequestRefusedError,
    StorageError,
    UnreadableError,
    invalid,
)
from shared.wire.bodies import check_size

log = logging.getLogger(__name__)

Handler = Callable[[Outside, Request, str], Awaitable[Response]]
"""A handler of requests. The third argument is the caller's name."""

_CLIENT_ID = "x-ms-client-request-id"
_PLAIN = re.compile(r"[\x21-\x7e]{1,128}")


async def response_of(handler: Handler, outside: Outside, request: Request, by: str) -> Response:
    """The response of a handler. Refusals become error bodies, and so do unforeseen errors."""
    header = request.header(_CLIENT_ID)
    client_id = header if _PLAIN.fullmatch(header) else ""
    if client_id:
        name = getattr(handler, "__name__", "?")
        log.info("%s %s, client request %s", request.method, name, client_id)
    came = await _answer(handler, outside, request, by)
    return replace(came, headers={**came.headers, _CLIENT_ID: client_id}) if client_id else came


async def _answer(handler: Handler, outside: Outside, request: Request, by: str) -> Response:
    try:
        check_size(request.body)
        if request.faults:
            raise invalid(request.faults)
        return await handler(outside, request, by)
    except RequestRefusedError as refused:
        return problem(refused)
    except StorageError as error:
        return problem(_unavailable("StorageUnavailable", f"storage did not answer: {error}"))
    except UnreadableError as error:
        text = f"a record that this version of the app cannot read; nothing was touched: {error}"
        return problem(RequestRefusedError(RefusalKind.CONFLICT, "Unreadable", text))
    except OutsideError as error:
        text = f"the control plane did not answer: {error}"
        return problem(_unavailable("ControlPlaneUnavailable", text))
    except Exception:
        incident = uuid.uuid4().hex[:12]
        log.exception("incident %s: %s", incident, request.method)
        text = f"something went wrong here; the log has more under incident {incident}"
        error_body = {"code": "InternalError", "message": text}
        return Response(500, {"error": error_body}, {"x-ms-error-code": "InternalError"})


def _unavailable(code: str, text: str) -> RequestRefusedError:
    wait = timedelta(seconds=10)
    return RequestRefusedError(RefusalKind.UNAVAILABLE, code, text, retry_after=wait)
