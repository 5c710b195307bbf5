"""A request for a drain, as the engine takes it."""

import hashlib
from datetime import datetime

from shared.api.bodies import StartBody
from shared.engine.drains.intake import Start


def command(body: StartBody, now: datetime, unique: str, address: str) -> Start:
    """``unique`` is the caller's key for repeated requests; the digest of what was asked tells a
    repeat from another request under the same key. ``address`` is where the app can be reached."""
    return Start(
        pool=body.pool(),
        selection=body.selection(now),
        reason=body.reason,
        policy=body.policy_record(),
        allow_personal=body.allow_personal,
        unique=unique,
        address=address,
        digest=hashlib.sha256(body.model_dump_json().encode()).hexdigest(),
    )
