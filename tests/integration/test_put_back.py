"""scripts/put-back.sh, run against the storage emulator and the simulated Azure.

``az`` is a stand-in (``tests/support/callers/az_stand_in.py``) that turns its two commands into HTTP calls. Where a real az
lies in ``.local/bench-az``, the script runs with that as well: it is told only where the simulated Azure is, and to
bring a token of the simulator's instead of signing in.
"""

import asyncio
import os
import shutil
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from azure.data.tables.aio import TableServiceClient

from local.sim.__main__ import application
from local.sim.estate.file import SAMPLE, read_estate
from local.sim.estate.things import Host
from local.sim.server import Simulator
from shared.adapters.storage import entities, records
from shared.adapters.storage.index.outs import OutRows
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.adapters.storage.tables.table import Op
from shared.core.drain.model import Claim
from shared.core.host.host import TagRecord
from shared.core.values.drainid import drain_id
from shared.core.values.hostpool import HostPoolId
from tests.support.builders import a_drain, a_host

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "put-back.sh"
REAL = ROOT / ".local" / "bench-az" / "bin" / "az"
POOL = HostPoolId("11111111-2222-3333-4444-555555555555", "rg-desktops", "hp-finance")
DRAIN = drain_id(POOL.key, "one")
OURS = f"avd-drain {DRAIN}"
TAG = "ExcludeFromScaling"
_STAND_IN = '#!/bin/sh\nexec "$PYTHON" "$STAND_IN" "$@"\n'
_REAL = """#!/bin/sh
if [ "$1" != rest ]; then exec "$REAL_AZ" "$@"; fi
for word; do
  shift
  case $word in /subscriptions/*) word=$SIMULATED_ARM$word ;; esac
  set -- "$@" "$word"
done
exec "$REAL_AZ" "$@" --skip-authorization-header --headers Authorization='Bearer t'
"""

pytestmark = pytest.mark.skipif(
    shutil.which("jq") is None or shutil.which("sh") is None, reason="it needs sh and jq"
)


@dataclass
class Left:
    """What an app left that is gone: an estate, and claims in its tables."""

    sim: Simulator
    pools: AzureTable
    index: AzureTable
    prefix: str
    environ: dict[str, str]

    @property
    def hosts(self) -> list[Host]:
        return list(self.sim.world.pools[0].hosts.values())

    async def claims(self, *claims: Claim, noted: bool = True) -> None:
        ops = [Op("upsert", f"claim|{c.host}", entities.entity_of(c)) for c in claims]
        await self.pools.transact(POOL.key, ops)
        if noted:
            drain = a_drain()
            control = replace(drain.control, id=DRAIN, pool=POOL)
            await OutRows(self.index).note(replace(drain, control=control))

    async def run(self, *words: str) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            "sh", str(SCRIPT), "--prefix", self.prefix, *words, env=self.environ,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode, said.decode()


WITH_EITHER = pytest.mark.parametrize("left", ["stand-in", "az"], indirect=True)


def claim(of: Host, **more: object) -> Claim:
    """Of a host that a drain has out, and that took new sessions before."""
    made = Claim(
        host=of.name.lower(), name=of.name, drain=DRAIN, claimed_at=datetime.now(UTC), out=True,
        before=True, vm_id=of.vm.id,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


@pytest_asyncio.fixture(loop_scope="session")
async def left(storage: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Left]:
    kind = getattr(request, "param", "stand-in")
    if kind == "az" and not REAL.exists():
        pytest.skip("no az in .local/bench-az")
    az = tmp_path / "az"
    az.write_text(_STAND_IN if kind == "stand-in" else _REAL, encoding="utf-8")
    az.chmod(0o700)
    sim = Simulator(read_estate(SAMPLE, datetime.now(UTC), 1.0))
    prefix = f"b{uuid.uuid4().hex[:12]}"
    async with (
        TestServer(application(sim)) as server,
        TableServiceClient.from_connection_string(storage) as service,
    ):
        environ = {
            **os.environ,
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "AZURE_STORAGE_CONNECTION_STRING": storage,
            "AZURE_CONFIG_DIR": str(tmp_path / "config"),
            "SIMULATED_ARM": str(server.make_url("")).rstrip("/"),
            "REAL_AZ": str(REAL),
            "PYTHON": sys.executable,
            "STAND_IN": str(ROOT / "tests" / "support" / "callers" / "az_stand_in.py"),
        }
        pools, index = (AzureTable(service, f"{prefix}{name}") for name in ("pools", "index"))
        yield Left(sim, pools, index, prefix, environ)


async def out(left: Left, *places: int) -> list[Host]:
    """Hosts in drain mode, with our exclusion tag on their VMs."""
    found = [left.hosts[place] for place in places]
    for host in found:
        host.allow_new_session = False
        host.vm.tags = {"owner": "desk", TAG: OURS}
    return found


@WITH_EITHER
async def test_hosts_that_are_out_are_put_back_as_they_were(left: Left) -> None:
    [plain, before, kept] = await out(left, 0, 1, 2)
    kept.vm.tags = {TAG: "golden image"}
    ours = TagRecord(TAG, asked=True, value=OURS)
    await left.claims(
        claim(plain, tag=ours),
        claim(before, before=False, tag=ours),
        claim(kept, tag=TagRecord(TAG, present=True, before="golden image")),
    )
    code, said = await left.run("--yes")
    assert code == 0, said
    assert (plain.allow_new_session, plain.vm.tags) == (True, {"owner": "desk"})
    assert (before.allow_new_session, before.vm.tags) == (False, {"owner": "desk"})
    assert (kept.allow_new_session, kept.vm.tags) == (True, {TAG: "golden image"})
    assert said.endswith("4 changes made, 0 failed\n")
    again = await left.run("--yes")
    assert again[1].endswith("0 changes made, 0 failed\n")


@WITH_EITHER
async def test_without_yes_it_only_says_what_it_would_do(left: Left) -> None:
    [host] = await out(left, 0)
    await left.claims(claim(host, tag=TagRecord(TAG, asked=True)))
    log = len(left.sim.world.log)
    code, said = await left.run()
    assert code == 0, said
    assert "would let it take new sessions again" in said
    assert "would remove the tag" in said
    assert "nothing was changed" in said
    assert (host.allow_new_session, host.vm.tags[TAG]) == (False, OURS)
    assert len(left.sim.world.log) == log


async def test_claims_of_hosts_that_are_not_out_are_left_alone(left: Left) -> None:
    spoken, on_purpose, watched = await out(left, 0, 1, 2)
    await left.claims(
        claim(spoken, out=False, before=None),
        claim(on_purpose, out=False, kept_drained=True),
        claim(watched, out=False, restored_at=datetime.now(UTC)),
    )
    code, said = await left.run("--yes")
    assert (code, "0 changes made" in said) == (0, True)
    assert "1 hosts were left in drain mode on purpose" in said
    assert not any(host.allow_new_session for host in (spoken, on_purpose, watched))


async def test_a_host_that_was_registered_anew_is_another_host(left: Left) -> None:
    [host] = await out(left, 0)
    await left.claims(claim(host, object_id="of-the-one-before"))
    _, said = await left.run("--yes")
    assert "registered anew" in said
    assert host.allow_new_session is False


async def test_what_somebody_else_made_of_the_tag_stays(left: Left) -> None:
    [host] = await out(left, 0)
    host.vm.tags[TAG] = "mine now"
    await left.claims(claim(host, tag=TagRecord(TAG, asked=True)))
    await left.run("--yes")
    assert (host.allow_new_session, host.vm.tags[TAG]) == (True, "mine now")


@WITH_EITHER
async def test_one_host_that_fails_keeps_no_other(left: Left) -> None:
    first, second = await out(left, 0, 1)
    await left.claims(claim(first), claim(second))
    left.sim.faults.add(
        {"operation": "sessionHosts.update", "host": first.name.split(".")[0], "effect": "status",
         "status": 403, "code": "AuthorizationFailed", "times": -1}
    )  # fmt: skip
    code, said = await left.run("--yes")
    assert (code, "AuthorizationFailed" in said) == (1, True)
    assert (first.allow_new_session, second.allow_new_session) == (False, True)


async def test_one_host_or_one_pool_may_be_named(left: Left) -> None:
    first, second = await out(left, 0, 1)
    await left.claims(claim(first), claim(second))
    await left.run("--yes", "--pool", POOL.resource_id.replace("hp-finance", "hp-other"))
    assert not first.allow_new_session
    await left.run("--yes", "--pool", POOL.resource_id.upper(), "--host", second.name.upper())
    assert (first.allow_new_session, second.allow_new_session) == (False, True)


@WITH_EITHER
async def test_a_host_that_is_gone_is_said_and_no_failure(left: Left) -> None:
    gone = claim(left.hosts[0], host="gone.contoso.example", name="gone.contoso.example")
    await left.claims(gone)
    code, said = await left.run("--yes")
    assert (code, "not in the pool any more" in said) == (0, True)


async def test_a_subscription_that_is_not_found_says_nothing_of_its_hosts(left: Left) -> None:
    """As for whoever is signed in elsewhere."""
    [host] = await out(left, 0)
    await left.claims(claim(host))
    left.sim.faults.add(
        {"effect": "status", "status": 404, "code": "SubscriptionNotFound", "times": -1}
    )
    code, said = await left.run("--yes")
    assert (code, "FAILED: it cannot be read" in said) == (1, True)


async def test_a_claim_that_cannot_be_read_is_said_and_fails(left: Left) -> None:
    [host] = await out(left, 0)
    values = {**entities.entity_of(claim(host)), "schema": records.SCHEMA + 1}
    await left.claims(claim(left.hosts[1]))
    await left.pools.transact(POOL.key, [Op("upsert", "claim|strange", values)])
    code, said = await left.run("--yes")
    assert (code, "of a newer version" in said) == (1, True)
    assert left.hosts[1].allow_new_session


async def test_a_pool_that_the_index_does_not_tell_is_found_by_the_drains_own_record(
    left: Left,
) -> None:
    [host] = await out(left, 0)
    drain = a_drain(a_host(host.name.lower()))
    control = replace(drain.control, id=DRAIN, pool=POOL)
    await TableStore(left.pools, left.index).create(replace(drain, control=control), [])
    await left.claims(claim(host), noted=False)
    for row in await left.index.scan("out", "", "~"):
        await left.index.transact("out", [Op("delete", row.key)])
    code, said = await left.run("--yes")
    assert code == 0, said
    assert host.allow_new_session


async def test_bad_use_is_told(left: Left) -> None:
    assert (await left.run("--nonsense"))[0] == 2
    del left.environ["AZURE_STORAGE_CONNECTION_STRING"]
    assert (await left.run())[0] == 2
