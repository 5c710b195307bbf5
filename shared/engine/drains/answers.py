"""Takes the replies of webhooks, at the callback address that each of them was given."""

import hmac
from datetime import timedelta

from shared.core.drain.history.facts import Answered
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.host.host import HostRecord
from shared.core.host.orders import Answer
from shared.core.host.phases import Phase
from shared.core.maintenance.webhook import Webhook
from shared.core.maintenance.work.webhook import answer_token
from shared.core.values.drainid import is_drain_id
from shared.engine.world.outside import Outside
from shared.errors import ChangedError, RefusalKind, RequestRefusedError
from shared.ports import TakeStep


async def answer(outside: Outside, drain: str, token: str, said: Answer) -> Drain:
    """Take what a webhook reports of its host. Reporting the same again is accepted. Raises
    RequestRefusedError if the token is unknown, if no reply is awaited, or if another reply came
    before."""
    found = await outside.store.load(drain) if is_drain_id(drain) else None
    host = _answered(found, token) if found is not None else None
    if found is None or host is None:
        text = "nobody was given this address"
        raise RequestRefusedError(RefusalKind.NOT_FOUND, "UnknownCallback", text)
    before = found.answers.get(host.key)
    if before is None and host.phase in (Phase.EMPTY, Phase.MAINTAINING):
        entry = Entry(said.at, Answered(said.succeeded), host.key, "the webhook", said.text)
        try:
            await outside.store.answer(found, host.key, said, [entry])
        except ChangedError:
            return await answer(outside, drain, token, said)
        await outside.queue.send(TakeStep(drain), timedelta(0))
        return found
    if before is not None and before.succeeded == said.succeeded:
        return found
    text = "another answer was given before" if before is not None else "nobody waits for it"
    raise RequestRefusedError(RefusalKind.CONFLICT, "NotAwaited", text)


def _answered(drain: Drain, token: str) -> HostRecord | None:
    """The host whose callback address has this token. The comparison takes constant time, so it
    tells nothing of the secret."""
    if not isinstance(drain.control.policy.maintenance, Webhook):
        return None
    given = token.encode()
    return next(
        (
            host
            for host in drain.hosts
            if hmac.compare_digest(answer_token(drain.control, host.key).encode(), given)
        ),
        None,
    )
