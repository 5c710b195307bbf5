"""``AvdDrain.Drain.Requested``: a user's own tool asks for a drain. Its data is the body of
``POST /api/drains``."""

import hashlib
import json

from shared.api.bodies import read_start
from shared.core.maintenance.webhook import Webhook
from shared.engine.hearing import Intent, Malformed, StartDrain
from shared.engine.intake import Start
from shared.errors import RequestRefusedError
from shared.events.envelope import Context, Envelope

TYPE = "AvdDrain.Drain.Requested"


def translate(event: Envelope, context: Context) -> Intent:
    try:
        body = read_start(json.dumps(event.data).encode(), context.judge)
    except RequestRefusedError as refused:
        texts = tuple(fault.text for fault in refused.faults)
        return Malformed(texts or (refused.text,))
    policy = body.policy_record()
    if isinstance(policy.maintenance, Webhook) and not context.base:
        text = "a webhook needs the setting PUBLIC_ADDRESS: an event does not tell where to answer"
        return Malformed((text,))
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    return StartDrain(
        Start(
            pool=body.pool(),
            selection=body.selection(context.now),
            reason=body.reason,
            policy=policy,
            allow_personal=body.allow_personal,
            unique=f"event {event.key.digest}",
            digest=digest,
            address=context.base,
        )
    )
