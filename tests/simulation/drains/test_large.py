"""A pool of a thousand hosts: its app dies again and again in the middle of a stream of actions, and every
host comes back as it was."""

from random import Random

import pytest

from shared.core.host.phases import OUT, Phase
from shared.core.host.status import ENDED, Status
from shared.core.maintenance.none import NoMaintenance
from shared.core.policy.policy import Amount, Policy
from tests.support.night.night import Killer, Night
from tests.support.night.promises import Before, keep

POLICY = Policy(max_unavailable=Amount(60, percent=True), maintenance=NoMaintenance())
HOSTS = 1000
KILLS = 8
CALLS = 250
"""A life ends within so many calls: some streams are cut in their first chunk, some in their last."""


def mortal(night: Night, chance: Random) -> object:
    killer = Killer(chance.randrange(1, CALLS), chance.random() < 0.5)
    return night.start_process(killer)


@pytest.mark.parametrize("seed", range(1))
async def test_a_stream_that_is_cut_anywhere_leaves_no_host_behind(seed: int) -> None:
    night, chance = Night(hosts=HOSTS), Random(seed)
    night.host("host-7").allow_new_session = False
    before = Before(night)
    drain = await night.start(POLICY)
    life, kills, closed = mortal(night, chance), 0, 0
    while drain.progress.status not in ENDED or night.queue:
        await night.pass_time()
        drain = await night.drain(drain.id)
        if night.process is life:
            continue
        kills += 1
        unsure = [host for host in drain.hosts if host.intents]
        assert len(unsure) <= 2 * night.process.outside.options.chunk
        out = {host.name for host in drain.hosts if host.phase in OUT}
        shut = {h.name for h in night.pool.hosts.values() if not h.allow_new_session}
        assert shut - out <= {night.host("host-7").name}, "a host is closed that no record has out"
        closed = max(closed, len(shut))
        if kills < KILLS:
            life = mortal(night, chance)
    assert drain.progress.status is Status.SUCCEEDED
    assert {host.phase for host in drain.hosts} == {Phase.DONE}
    keep(night, before, POLICY)
    assert kills > KILLS // 2
    assert closed > 100, "no stream was cut while it was large"
