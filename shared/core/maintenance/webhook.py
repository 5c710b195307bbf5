"""Hand the empty host to a webhook, such as a Logic App, and wait for its answer.

The call carries a callback address for the answer. A webhook that responds with 2xx has taken the
host. If its response was lost, the call is repeated with the same callback address and
``Idempotency-Key``, so that the webhook can recognise the repetition.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from shared.core.access.allowed import Allowed
from shared.core.access.callbacks import fault_of
from shared.core.host.actions import CallWebhook
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.maintenance.kind import Begin, Ended, Finished, Needs, NeverBegan, NotYet, Usual
from shared.core.observation.look import Look
from shared.core.values.described import described

MOST_CALLS = 3


@dataclass(frozen=True, slots=True)
class Webhook(Usual):
    """The host is handed to a webhook, which does the work and reports the result to the callback
    address."""

    kind: Literal["webhook"] = "webhook"
    url: str = described(
        "",
        "where the host is posted to; its host name must be allowed by the setting "
        "`WEBHOOK_HOSTS`. It is never shown again: it may hold a secret",
        example="https://prod-1.westeurope.logic.azure.com/workflows/…",
        most=2000,
        secret=True,
    )
    time_limit: timedelta = described(
        timedelta(hours=4), "how long the answer may take; then it counts as failed"
    )
    ask_again_after: timedelta = described(
        timedelta(minutes=30),
        "a call that the webhook did not acknowledge (its answer was lost) is repeated after so long, "
        "three times in all. One that it acknowledged is never repeated: it has taken the host",
    )
    disturbs: ClassVar[bool] = True
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = False
    works_on_vm: ClassVar[bool] = False

    def longest(self) -> timedelta:
        return self.time_limit

    def faults(self, allowed: Allowed) -> Iterator[tuple[str, str]]:
        if text := fault_of(self.url, allowed):
            yield "maintenance.url", text

    def needs(self, host: HostRecord) -> Needs:
        return Needs()

    def begin(self, look: Look[HostControl], host: HostRecord) -> Begin:
        return Begin(host, self._call(look.control, host, 1, look.now, "it is empty"))

    def look(
        self, look: Look[HostControl], host: HostRecord
    ) -> NotYet | Finished | NeverBegan | Ended:
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
            text = f"the webhook gave no answer within {self.time_limit}"
            return Ended(Ending(Phase.FAILED, "WebhookSilent", text, attention=True))
        text = f"the webhook to answer, at the latest at {over_at:%Y-%m-%d %H:%M:%S}Z"
        again_at = errand.asked_at + max(look.pace.late, self.ask_again_after)
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
            url=self.url,
            time=time,
            drain=control.id,
            vm_id=host.vm_id or "",
            reason=control.reason,
            callback=f"{control.address}drains/{control.id}/answers/{token}",
            answer_by=self._over_at(host, now),
            why=why,
        )

    def _over_at(self, host: HostRecord, now: datetime) -> datetime:
        return (host.maintenance.begun_at or now) + self.time_limit


def answer_token(control: HostControl, host: str) -> str:
    """The secret part of a callback address. It identifies one host of one drain to the webhook
    that was given it."""
    return hmac.new(control.secret.encode(), host.encode(), "sha256").hexdigest()
