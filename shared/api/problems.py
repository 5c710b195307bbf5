"""Refusals as the error bodies of the Microsoft REST guidelines."""

import math

from shared.api.web import Response
from shared.errors import Fault, RefusalKind, RequestRefusedError

_STATUS = {
    RefusalKind.INVALID: 400,
    RefusalKind.DENIED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.UNAVAILABLE: 503,
}


def problem(refused: RequestRefusedError) -> Response:
    """``{"error": {"code", "message", "target", "details"}}``, and ``x-ms-error-code``."""
    error: dict[str, object] = {"code": refused.code, "message": refused.text}
    if refused.target:
        error["target"] = refused.target
    if refused.faults:
        error["details"] = [
            {"code": f.code, "message": f.text, "target": f.target} for f in refused.faults
        ]
    headers = {"x-ms-error-code": refused.code}
    if refused.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(refused.retry_after.total_seconds()))
    return Response(_STATUS[refused.kind], {"error": error}, headers)


def invalid(faults: tuple[Fault, ...]) -> RequestRefusedError:
    """A request that says what can't be; with one fault, that fault is the message."""
    text = faults[0].text if len(faults) == 1 else f"the request has {len(faults)} faults"
    code = faults[0].code if len(faults) == 1 else "InvalidRequest"
    target = faults[0].target if len(faults) == 1 else ""
    return RequestRefusedError(RefusalKind.INVALID, code, text, faults, target)
