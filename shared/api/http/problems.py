"""Refusals as error bodies of the Microsoft REST guidelines."""

import math

from shared.api.http.web import Response
from shared.errors import MOST_FAULTS, Fault, RefusalKind, RequestRefusedError


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
        case RefusalKind.TOO_LARGE:
            return 413
        case RefusalKind.TOO_MANY:
            return 429
        case RefusalKind.UNAVAILABLE:
            return 503


_LONGEST = 2000
"""The longest text of a message, in characters: faults repeat names that a caller sent."""


def problem(refused: RequestRefusedError) -> Response:
    """The response for a refusal: ``{"error": {"code", "message", "target", "details"}}``, and the
    header ``x-ms-error-code``. It has the first faults, and says how many more there are."""
    error: dict[str, object] = {"code": refused.code, "message": refused.text[:_LONGEST]}
    if refused.target:
        error["target"] = refused.target[:_LONGEST]
    if refused.faults:
        error["details"] = [_detail(fault) for fault in refused.faults[:MOST_FAULTS]]
        more = len(refused.faults) - MOST_FAULTS
        if more > 0:
            error["message"] = (
                f"{error['message']}; {MOST_FAULTS} are told, and {more} more are not"
            )
    headers = {"x-ms-error-code": refused.code}
    if refused.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(refused.retry_after.total_seconds()))
    return Response(status_of(refused.kind), {"error": error}, headers)


def _detail(fault: Fault) -> dict[str, str]:
    return {
        "code": fault.code,
        "message": fault.text[:_LONGEST],
        "target": fault.target[:_LONGEST],
    }
