"""Refusals as the error bodies of the Microsoft REST guidelines."""

import math

from shared.api.http.web import Response
from shared.errors import RefusalKind, RequestRefusedError

_STATUS = {
    RefusalKind.INVALID: 400,
    RefusalKind.DENIED: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.CHANGED: 412,
    RefusalKind.UNCONDITIONAL: 428,
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
