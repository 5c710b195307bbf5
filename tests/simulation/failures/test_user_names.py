"""How users' names are written: where they are not to be kept, a whole drain leaves none, whatever it meets."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from local.sim.estate.people import Manner, Person
from shared.api.views.drains.host import host_view
from shared.api.views.drains.plan import plan_view
from shared.core.drain.model import Drain
from shared.core.host.status import ENDED
from shared.core.maintenance.none import NoMaintenance
from shared.core.policy.policy import Amount, AtDeadline, Policy, ProtectedUsers
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.core.values.usernames import UserNames
from shared.engine.drains import intake
from shared.errors import RejectedError
from shared.wire.views.history import entry_resource
from tests.support.night.night import Night
from tests.support.night.receivers import ALL

MARK = "qqzzx"
"""Part of every user's name here, and of nothing else."""
STAYS = f"o'brien%s{{host}}\"<b>{MARK}-1@evil.example"
LOCKED = f"' or 1 eq 1 -- {MARK}-2@evil.example"
PROTECTED = f"vip\\{MARK}-3@evil.example"
POLICY = Policy(
    maintenance=NoMaintenance(), at_deadline=AtDeadline.SIGN_OUT, deadline=timedelta(minutes=30),
    warn_at_least=timedelta(minutes=5), protected_users=("vip*@evil.example",),
    protected_users_then=ProtectedUsers.GIVE_UP, max_unavailable=Amount(3),
)  # fmt: skip


class Told:
    """What came out of a drain: every table's rows, its history, what is shown, what is announced."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.shown: list[str] = []

    def rows(self, prefix: str = "") -> str:
        listed = [(key, row.values) for table in self.night.tables
                  for rows in table._rows.values() for key, row in rows.items()
                  if key.startswith(prefix)]  # fmt: skip
        return str(listed)

    async def look(self, drain: Drain) -> None:
        now = self.night.clock.at
        store = self.night.process.outside.store
        page = await store.history(drain.id, 1000, None)
        views: list[Any] = [host_view(drain.control, host, now, None) for host in drain.hosts]
        views += [entry_resource(entry) for entry in page.items]
        overview = await store.overview(drain.id)
        self.shown += [json.dumps(views, default=str), self.rows("log|"), str(overview)]
        self.shown += [str(told) for told in self.night.happened("announced")]
        self.shown += [self.rows("desk"), self.rows(f"drain|{drain.id}|happening|")]


def a_night(names: UserNames) -> Night:
    night = Night(3)
    night.publishes = True
    night.notifications = ALL
    process = night.start_process()
    options = replace(process.outside.options, user_names=names)
    process.outside = replace(process.outside, options=options)
    for number, user in enumerate((STAYS, LOCKED, PROTECTED)):
        person = Person(user, Manner.STUBBORN)
        night.world.sign_in(night.pool, night.host(f"host-{number}"), person)
    refused = RejectedError(f"the session of {LOCKED.upper()} is locked")
    night.refuse("send_message", refused, "host-1")
    return night


async def a_drain(night: Night) -> tuple[Drain, Told]:
    """As it is when it has ended, with what was told while it went on; the locked user leaves at last."""
    told = Told(night)
    asked = Start(night.pool_id, Selection(), "patches", POLICY, False, "a", "digest")
    preview = await intake.preview(night.process.outside, asked, "anna")
    told.shown.append(json.dumps(plan_view(preview), default=str))
    drain = await night.start(POLICY)
    for turn in range(3000):
        drain = await night.drain(drain.id)
        await told.look(drain)
        if drain.progress.status in ENDED and not night.queue:
            return drain, told
        if turn == 60:
            host = night.host("host-1")
            for session in list(host.sessions.values()):
                night.world.end(host, session, "left")
        await night.pass_time()
    raise AssertionError("it did not end")


@pytest.mark.parametrize("names", [UserNames.NONE, UserNames.HASHED])
async def test_no_name_is_in_history_tables_logs_or_what_is_shown(
    names: UserNames, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    night = a_night(names)
    drain, told = await a_drain(night)
    assert len(night.happened("message")) > 0
    everything = "\n".join([*told.shown, told.rows(), caplog.text]).lower()
    assert MARK not in everything
    assert str(drain.hosts).lower().count(MARK) == 0


async def test_what_is_looked_for_would_be_found(caplog: pytest.LogCaptureFixture) -> None:
    """With full names each of those places has them."""
    night = a_night(UserNames.FULL)
    drain, told = await a_drain(night)
    everything = "\n".join(told.shown).lower()
    for n in (1, 2, 3):
        assert f"{MARK}-{n}" in told.rows("log|").lower()
        assert f"{MARK}-{n}" in everything
    assert f"the session of {json.dumps(LOCKED.upper())[1:-1].lower()} is locked" in everything
    assert MARK in str([host.ending for host in drain.hosts])


async def test_the_rules_about_users_are_the_same_whatever_is_written_of_them() -> None:
    ended = {}
    for names in UserNames:
        night = a_night(names)
        drain, _ = await a_drain(night)
        phases = {host.name: (host.phase, host.ending and host.ending.code) for host in drain.hosts}
        done = [*night.happened("message"), *night.happened("sign-out asked")]
        ended[names] = (phases, [(line["what"], line["user"], line["host"]) for line in done])
    assert {what for what, _, _ in ended[UserNames.FULL][1]} == {"message", "sign-out asked"}
    assert ended[UserNames.NONE] == ended[UserNames.FULL] == ended[UserNames.HASHED]


async def test_a_user_has_one_mark_in_a_drain_and_another_in_the_next() -> None:
    marks = []
    for _ in range(2):
        night = a_night(UserNames.HASHED)
        drain, _ = await a_drain(night)
        page = await night.process.outside.store.history(drain.id, 1000, None)
        views = [entry_resource(entry) for entry in page.items]
        found = {v["action"]["user"] for v in views
                 if v["action"] and v["host"] == "host-0.contoso.example"} - {None}  # fmt: skip
        told = {d.user for host in drain.hosts[:1] for d in host.deliveries}
        assert len(found) == 1
        assert told == found
        marks.append(found.pop())
    assert marks[0] != marks[1]
