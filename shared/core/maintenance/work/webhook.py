"""Hand the empty host to a webhook, such as a Logic App, and wait for its answer.

The call carries a callback address for the answer. A webhook that responds with 2xx has taken the
host. If its response was lost, the call is repeated with the same callback address and
``Idempotency-Key``, so that the webhook can recognise the repetition.
"""

import hmac
from datetime import datetime

from shared.core.host.actions import CallWebhook
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.maintenance.webhook import Webhook
from shared.core.maintenance.work.work import (
    Begin,
    Ended,
    Finished,
    HostLook,
    NeverBegan,
    NotYet,
    Progress,
    Work,
)

MOST_CALLS = 3


class WebhookWork(Work[Webhook]):
    """The webhook is called until it acknowledges, and answers in time or not."""

    __slots__ = ()

    def begin(self, look: HostLook, host: HostRecord) -> Begin:
        return Begin(host, self._call(look.control, host, 1, look.now, "it is empty"))

    def look(self, look: HostLook, host: HostRecord) -> Progress:
        errand, answer = host.maintenance.errand, look.seen.answers.get(host.key)
        if answer is not None:
            said = answer.text or "no text"
            if answer.succeeded:
                return Finished(f"the webhook says it is done: {said}", "the webhook")
            text = f"the webhook says it failed: {said}"
            return Ended(Ending(Phase.FAILED, "WebhookFailed", text, attention=True), "the webhook")
        if errand is None:
            return NeverBegan("the webhook has not been called")
        over_at = self._over_at(host, look.now)
        if look.now >= over_at:
            text = f"the webhook gave no answer within {self.asked.time_limit}"
            return Ended(Ending(Phase.FAILED, "WebhookSilent", text, attention=True))
        text = f"the webhook to answer, at the latest at {over_at:%Y-%m-%d %H:%M:%S}Z"
        again_at = errand.asked_at + max(look.pace.late, self.asked.ask_again_after)
        if (
            not errand.unsure or errand.times >= MOST_CALLS
        ):  # it has taken the host, or was called often enough
            return NotYet("webhook", text, min(over_at, look.now + look.pace.idle))
        if look.now < again_at:
            return NotYet("webhook", text, min(over_at, again_at, look.now + look.pace.idle))
        call = self._call(look.control, host, errand.times + 1, look.now, "it gave no answer")
        return NotYet("webhook", text, look.now + look.pace.usual, host, call)

    def _call(
        self, control: HostControl, host: HostRecord, time: int, now: datetime, why: str
    ) -> CallWebhook:
        token = answer_token(control, host.key)
        return CallWebhook(
            host=host.key,
            url=self.asked.url,
            time=time,
            drain=control.id,
            vm_id=host.vm_id or "",
            reason=control.reason,
            callback=f"{control.address}drains/{control.id}/answers/{token}",
            answer_by=self._over_at(host, now),
            why=why,
        )

    def _over_at(self, host: HostRecord, now: datetime) -> datetime:
        return (host.maintenance.begun_at or now) + self.asked.time_limit


def answer_token(control: HostControl, host: str) -> str:
    """The secret part of a callback address. It identifies one host of one drain to the webhook
    that was given it."""
    return hmac.new(control.secret.encode(), host.encode(), "sha256").hexdigest()
