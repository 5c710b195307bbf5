"""No program reads a sentence of the history: with every one of them reworded, and with rows as an older
version wrote them, all who are told of drains are told the same facts."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from local.sim.estate.people import Manner, Person
from shared.adapters.storage import records
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.table import Op
from shared.core.drain.history import history
from shared.core.drain.history.effects import MessageSent, UserSignedOut
from shared.core.drain.history.facts import Acted
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.drain.subscriptions import Events
from shared.core.host.orders import Order
from shared.core.host.outcome import Result
from shared.core.maintenance.none import NoMaintenance
from shared.core.policy.policy import Policy
from shared.core.schedules.campaigns import Campaign
from shared.engine.drains import subscribing
from shared.engine.schedules import campaigning, scheduling
from shared.errors import ANY
from tests.support.night.helpers import NightWebhooks
from tests.support.night.night import EVENING, Night
from tests.support.night.nightly import (
    body,
    campaign_of,
    live_until,
    request,
    runs,
    scheduled,
    started,
    until_campaign_over,
)

URL = "https://hooks.example/workflows/1"


async def _all_told(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """The report of a scheduled run; what was announced; what its subscriber was told."""
    night, bodies = Night(hosts=2), list[Mapping[str, Any]]()
    night.publishes = True
    night.start_process()
    night.host("host-1").quirks.never_comes_back = True
    night.world.sign_in(night.pool, night.host("host-0"), Person("Anna@x", Manner.LEAVES, 60))
    night.world.sign_in(night.pool, night.host("host-1"), Person("bert@x", Manner.STUBBORN))
    post = NightWebhooks.post

    async def kept(self: NightWebhooks, url: str, told: Mapping[str, Any], key: str) -> None:
        bodies.append(told)
        await post(self, url, told, key)

    monkeypatch.setattr(NightWebhooks, "post", kept)
    asked = json.dumps(request(night, healthyWithin="PT10M", deadline="PT1H", atDeadline="signOut"))
    await scheduled(night, request=asked)
    await live_until(night, EVENING + timedelta(minutes=32))
    [drain] = (await runs(night))[0].drains
    order = Order("a workflow", night.clock.now())
    await subscribing.subscribe(night.process.outside, drain, URL, Events.PHASES, False, order)
    await live_until(night, EVENING + timedelta(hours=4))
    [run] = await runs(night)
    changes = [
        {name: value for name, value in change.items() if name != "what"}
        for told in bodies
        for change in told["changes"]
    ]
    ends = [told.get("error", told.get("result")) for told in bodies]
    announced = [(line["type"], line["id"], line["data"]) for line in night.happened("announced")]
    return run.report, announced, changes, ends


async def test_reports_announcements_and_subscribers_tell_the_same_in_other_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = await _all_told(monkeypatch)
    monkeypatch.setattr(history, "sentence", lambda _: "x")
    assert await _all_told(monkeypatch) == plain
    report, announced, changes, _ = plain
    users = report["summary"]
    assert [users[f"users{what}"] for what in ("Warned", "LeftByThemselves", "SignedOut")] == [
        2,
        1,
        1,
    ]
    assert [type_.rsplit(".", 1)[-1] for type_, _, _ in announced] == [
        "Started", "Out", "Out", "NeedsAttention", "Ended"
    ]  # fmt: skip
    assert ("queued", "draining") in {(change["before"], change["after"]) for change in changes}


async def _paused_and_resumed() -> tuple[Any, ...]:
    """The drain that its campaign paused, and the one that anna paused as well, when all is resumed."""
    night = Night(hosts=3)
    await started(night, body(night))
    for _ in range(4):
        await night.pass_time()
    outside, id_ = night.process.outside, (await campaign_of(night)).id
    await campaigning.order(outside, id_, ANY, "pause", Order("anna", night.clock.now()))
    for _ in range(10):
        await night.pass_time()
    campaign = await campaign_of(night)
    drain = await night.drain(campaign.slots[0].drain)
    assert drain.control.paused is not None
    paused_by = drain.control.paused.campaign
    await campaigning.order(outside, id_, ANY, "resume", Order("anna", night.clock.now()))
    over = await until_campaign_over(night)
    return paused_by == id_, over.status, over.log


async def test_a_campaign_knows_its_own_pause_by_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = await _paused_and_resumed()
    assert plain[0]
    monkeypatch.setattr(history, "sentence", lambda _: "x")
    monkeypatch.setattr(Campaign, "named", property(lambda self: "somebody"))
    assert await _paused_and_resumed() == plain


def _as_schema_2(entry: Entry) -> dict[str, Any]:
    """The row as the version before wrote it: a sentence, and an order's fields beside it."""
    record = {"at": entry.at.isoformat(), "what": entry.what, "host": entry.host, "by": entry.signed,
              "why": entry.why, "ordered": None}  # fmt: skip
    return {"schema": 2, "data": json.dumps(record)}


async def test_every_entry_counts_in_the_report_however_many_there_are_and_how_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scheduling, "_PAGE", 50)
    night = Night(hosts=1)
    drain = await night.start(Policy(maintenance=NoMaintenance()))
    store = TableStore(*night.tables)
    for n in range(300):
        user, at = f"user-{n}@x", EVENING + timedelta(seconds=n)
        facts = [Acted(MessageSent(user, 1, "de"), Result.ACCEPTED)]
        facts += [Acted(UserSignedOut(user, n % 2 == 0), Result.ACCEPTED)] if n % 3 == 0 else []
        await store.remember(drain.id, [Entry(at, fact, drain.hosts[0].key) for fact in facts])
    await store.remember(
        drain.id, [Entry(EVENING, Acted(MessageSent("nobody", 1), Result.REFUSED, "no"), "h")]
    )
    for old in (False, True):
        if old:
            await _written_by_schema_2(night, drain)
        users = await scheduling._users_told(night.process.outside, drain.id)
        assert (len(users.warned), len(users.signed_out)) == (300, 100)


async def _written_by_schema_2(night: Night, drain: Drain) -> None:
    table, pool = night.tables[0], drain.control.pool.key
    for row in await table.scan(pool, f"log|{drain.id}|", f"log|{drain.id}|~"):
        old = _as_schema_2(records.read(Entry, row.values))
        table.put(pool, Op("upsert", row.key, old))
