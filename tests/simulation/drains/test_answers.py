"""What a webhook answers at the address that it was given, and what anybody else may."""

from datetime import timedelta

import pytest

from shared.core.drain.model import Drain
from shared.core.host.orders import Answer
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.webhook import Webhook
from shared.core.maintenance.work.webhook import answer_token
from shared.core.policy.policy import Policy
from shared.engine.drains import answers
from shared.errors import RequestRefusedError
from tests.support.night.night import EVENING, Night

HOOKED = Policy(maintenance=Webhook(url="https://hooks.example/x"))
DONE = Answer(EVENING, True, "patched")
BROKEN = Answer(EVENING, False, "the image is broken")


async def called(policy: Policy = HOOKED) -> tuple[Night, Drain, str]:
    """A drain whose webhook has just been called, and the token that it was given."""
    night = Night(hosts=1)
    night.answer_after = None
    drain = await night.start(policy)
    await night.until(lambda: bool(night.happened("webhook called")))
    drain = await night.drain(drain.id)
    return night, drain, answer_token(drain.control, drain.hosts[0].key)


async def test_a_failure_that_it_tells_fails_the_host_with_what_it_said() -> None:
    night, drain, token = await called()
    await answers.answer(night.process.outside, drain.id, token, BROKEN)
    over = await night.until_over(drain.id)
    assert over.hosts[0].phase is Phase.FAILED
    assert "the image is broken" in over.hosts[0].attention
    page = await night.process.outside.store.history(drain.id, 100, None)
    assert [e.why for e in page.items if "answered" in e.what] == ["the image is broken"]


async def test_to_say_the_same_twice_is_no_fault_and_to_take_it_back_is() -> None:
    night, drain, token = await called()
    outside = night.process.outside
    await answers.answer(outside, drain.id, token, DONE)
    await answers.answer(outside, drain.id, token, DONE)
    with pytest.raises(RequestRefusedError, match="another answer"):
        await answers.answer(outside, drain.id, token, BROKEN)
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED
    await answers.answer(outside, drain.id, token, DONE)


async def test_an_answer_does_not_change_what_was_asked_of_the_drain() -> None:
    night, drain, token = await called()
    await answers.answer(night.process.outside, drain.id, token, DONE)
    assert (await night.drain(drain.id)).version == drain.version


async def test_who_was_given_no_address_is_told_nothing() -> None:
    night, drain, token = await called()
    told = set()
    for id_, given in ((drain.id, "0" * 64), (drain.id, ""), ("hp-none-1-2", token), ("?", token)):
        with pytest.raises(RequestRefusedError) as refused:
            await answers.answer(night.process.outside, id_, given, DONE)
        told.add((refused.value.code, refused.value.text))
    assert len(told) == 1
    assert (await night.drain(drain.id)).answers == {}


async def test_an_answer_that_comes_too_late_is_refused() -> None:
    night, drain, token = await called()
    over = await night.until_over(drain.id)
    assert over.hosts[0].phase is Phase.FAILED
    with pytest.raises(RequestRefusedError, match="nobody waits"):
        await answers.answer(night.process.outside, drain.id, token, DONE)


async def test_a_drain_without_a_webhook_takes_no_answer() -> None:
    night = Night(hosts=1)
    drain = await night.start(Policy(maintenance=Hold(hold_for=timedelta(hours=1))))
    token = answer_token(drain.control, drain.hosts[0].key)
    with pytest.raises(RequestRefusedError, match="nobody was given"):
        await answers.answer(night.process.outside, drain.id, token, DONE)
