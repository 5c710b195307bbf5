"""What the real app tells of itself, in the public Functions runtime, received by an OTLP collector."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from local.client import Client
from local.parts import FAST, Parts, free_port, running
from local.scenes.one_drain import POOL
from local.stopping import ASKED
from shared.ports.measures import METRICS, SPAN_ATTRIBUTES, SpanName
from tests.support import least_rights
from tests.support.asked import QUICK, ended, started
from tests.support.collector import Came, Collector, collecting

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEADER_KEY = "a-key-of-the-collector"


@pytest_asyncio.fixture
async def collector(tmp_path: Path) -> AsyncIterator[Collector]:
    with collecting() as made:
        yield made


@pytest_asyncio.fixture
async def told(tmp_path: Path, collector: Collector) -> AsyncIterator[Parts]:
    """Everything started, with an app that sends to the collector."""
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"api-key={HEADER_KEY}",
        "USER_NAMES": "hashed",
    }
    async with running(Parts(tmp_path, settings={**FAST, **settings})) as made:
        await made.start_azurite()
        await made.start_sim(least_rights.estate(made.folder), 60.0)
        await made.start_app()
        yield made


@pytest_asyncio.fixture
async def caller(told: Parts) -> AsyncIterator[Client]:
    async with Client(told.app_url, told.sim_url, told.key) as made:
        yield made


async def heard(collector: Collector, until: Any) -> None:
    await asyncio.to_thread(collector.wait, until, 60)


async def test_a_drain_is_one_trace_over_steps_and_instances(
    told: Parts, caller: Client, collector: Collector
) -> None:
    await told.start_app("app-2", free_port())
    id_ = await _started(caller)
    assert (await ended(caller, id_))["status"] == "Succeeded"
    await heard(collector, lambda c: c.named("avd_drain.drains.ended"))
    steps = collector.named(SpanName.STEP)
    assert {step.trace for step in steps} == {TRACE}
    assert {step.parent for step in steps} == {CALLER}
    assert len({step.resource["service.instance.id"] for step in steps}) == 2
    for step in steps:
        assert set(SPAN_ATTRIBUTES) <= step.attributes.keys()
        assert step.attributes["drain.id"] == id_
        assert step.resource["service.name"] == "avd-drain"
        assert step.resource["service.version"] == "0.1.0"
    numbers = [step.attributes["step.number"] for step in steps]
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))
    _are_below(steps, collector)


async def _started(caller: Client) -> str:
    """By a caller who has a trace of its own."""
    headers = {"traceparent": f"00-{TRACE}-{CALLER}-00"}
    status, drain, _ = await caller.call("POST", "drains", QUICK, headers)
    assert status == 202, drain
    return str(drain["id"])


def _are_below(steps: list[Came], collector: Collector) -> None:
    """Each part of a step is a span below it, in the same trace and within its time."""
    parts: dict[str, list[Came]] = defaultdict(list)
    for name in set(SpanName) - {SpanName.STEP}:
        for span in collector.named(name):
            parts[span.parent].append(span)
    assert parts.keys() <= {step.id for step in steps}
    busiest: set[str] = set()
    for step in steps:
        for part in parts[step.id]:
            assert part.trace == step.trace
            assert step.raw.start_time_unix_nano <= part.raw.start_time_unix_nano
            assert part.raw.end_time_unix_nano <= step.raw.end_time_unix_nano
        busiest |= {part.name for part in parts[step.id]}
    assert busiest == set(SpanName) - {SpanName.STEP}


async def test_its_figures_are_those_that_alerts_ask_for(
    caller: Client, collector: Collector
) -> None:
    id_ = await _started(caller)
    await ended(caller, id_)
    await heard(collector, lambda c: c.named("avd_drain.drains.ended"))
    pool = id_.rsplit("-", 1)[0]
    known = {metric.name: metric for metric in METRICS}
    for point in collector.points:
        assert set(point.attributes) == set(known[point.name].attributes)
    [over] = collector.named("avd_drain.drains.ended")
    assert (over.value, over.attributes) == (1, {"pool": pool, "status": "Succeeded"})
    empty = collector.named("avd_drain.host.time_to_empty")
    assert sum(point.raw.count for point in empty) == len(await caller.hosts(POOL))
    assert {point.attributes["pool"] for point in empty} == {pool}
    asked = {
        (p.attributes["kind"], p.attributes["outcome"])
        for p in collector.named("avd_drain.arm.requests")
    }
    assert {("reads", "ok"), ("writes", "ok")} <= asked
    assert all(0 <= p.value <= 200 for p in collector.named("avd_drain.arm.tokens"))
    assert collector.named("avd_drain.step.lateness")


async def test_what_is_sent_holds_no_secret_and_no_users_name(
    told: Parts, caller: Client, collector: Collector
) -> None:
    for rule in (
        {"operation": "userSessions.sendMessage", "effect": "status", "status": 500, "times": 1},
        {"operation": "sessionHosts.update", "effect": "lose", "times": 1},
    ):
        await caller.sim("POST", "faults", rule)
    await caller.call("POST", "drains", {"hostPool": POOL, "reason": "x", "hosts": 7})
    await ended(caller, await _started(caller))
    await heard(collector, lambda c: c.named("avd_drain.drains.ended"))
    values = told.values()
    secrets = [
        told.key, values["ARM_STATIC_TOKEN"], values["EVENT_TOPIC_KEY"], HEADER_KEY,
        told.storage.partition("AccountKey=")[2].partition(";")[0],
    ]  # fmt: skip
    sent = b"\n".join(collector.bodies).decode(errors="replace")
    assert len(sent) > 1_000
    assert [secret for secret in secrets if secret in sent] == []
    estate = json.dumps(await caller.sim("GET", "estate"))
    users = {word.strip('"') for word in estate.split() if "@" in word}
    assert [user for user in users if user in sent] == []
    assert all(headers["api-key"] == HEADER_KEY for headers in collector.headers)


async def test_a_collector_that_never_answers_delays_no_drain_and_no_end(
    told: Parts, caller: Client, collector: Collector
) -> None:
    collector.open.clear()
    drain = await ended(caller, await started(caller, QUICK))
    assert drain["status"] == "Succeeded"
    app = told.running["app"]
    app.process.send_signal(ASKED)
    assert await asyncio.wait_for(app.process.wait(), 30) == 0
    assert collector.spans == []


async def test_a_collector_that_refuses_is_told_of_once(
    told: Parts, caller: Client, collector: Collector
) -> None:
    collector.status = 403
    drain = await ended(caller, await started(caller, QUICK))
    assert drain["status"] == "Succeeded"
    assert collector.requests > 0
    said = told.running["app"].said.read_text()
    assert said.count("telemetry cannot be sent") == 1


async def test_without_a_destination_nothing_is_loaded_and_nothing_sent(
    tmp_path: Path, collector: Collector
) -> None:
    settings = {**FAST, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SDK_DISABLED": "true"}
    async with running(Parts(tmp_path, settings=settings)) as made:
        await made.start_azurite()
        await made.start_sim(least_rights.estate(made.folder), 60.0)
        await made.start_app()
        async with Client(made.app_url, made.sim_url, made.key) as client:
            await ended(client, await started(client, QUICK))
    assert collector.requests == 0
