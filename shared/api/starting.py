"""A request for a drain, as the engine takes it."""

from shared.api.bodies import StartBody
from shared.api.web import Request
from shared.engine.intake import Start
from shared.engine.outside import Outside


def command(outside: Outside, request: Request, body: StartBody, unique: str, digest: str) -> Start:
    """``unique`` is the caller's key for repeated requests, ``digest`` tells them from others."""
    return Start(
        pool=body.pool(),
        selection=body.selection(outside.clock.now()),
        reason=body.reason,
        policy=body.policy_record(),
        allow_personal=body.allow_personal,
        unique=unique,
        address=request.base,
        digest=digest,
    )
