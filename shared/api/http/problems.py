"""Refusals as the error bodies of the Microsoft REST guidelines."""

import math

from shared.api.http.web import Response
from shared.errors import RefusalKind, RequestRefusedError


def status_of(kind: RefusalKind) -> int:
    match kind:
        case RefusalKind.INVALID:
            return 400
        case RefusalKind.DENIED:
            return 403
        case RefusalKind.NOT_FOUND:
            return 404
        case RefusalKind.CONFLICT:
            return 409
        case RefusalKind.CHANGED:
            return 412
        case RefusalKind.UNCONDITIONAL:
            return 428
        case RefusalKind.UNAVAILABLE:
            return 503


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
    return Response(status_of(refused.kind), {"error": error}, headers)
