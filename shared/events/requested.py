"""``AvdDrain.Drain.Requested``: a user's own tool asks for a drain. Its data is the body of
``POST /api/drains``."""

import json

from shared.api.bodies import read_start
from shared.api.starting import command
from shared.core.maintenance.webhook import Webhook
from shared.core.values import uniques
from shared.engine.events.hearing import Intent, Malformed, StartDrain
from shared.errors import RequestRefusedError
from shared.events.envelope import Context, Envelope
from shared.events.jsontext import repeated

TYPE = "AvdDrain.Drain.Requested"


def translate(event: Envelope, context: Context) -> Intent:
    if twice := repeated(event.data):
        return Malformed(twice)
    try:
        body = read_start(json.dumps(event.data).encode(), context.judge)
    except RequestRefusedError as refused:
        return Malformed(refused.texts)
    if isinstance(body.policy_record().maintenance, Webhook) and not context.base:
        text = "a webhook needs the setting PUBLIC_ADDRESS: an event does not tell where to answer"
        return Malformed((text,))
    unique = uniques.of_request(event.key.digest)
    return StartDrain(command(body, context.now, unique, context.base))
