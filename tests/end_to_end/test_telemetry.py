"""What the real app tells of itself, in the public Functions runtime, received by an OTLP collector."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from local.client import Client
from local.parts import FAST, Parts, free_port, running
from local.stopping import ASKED
from shared.ports.measures import SPAN_ATTRIBUTES, SpanName
from tests.support import least_rights
from tests.support.callers.asked import QUICK, ended, started
from tests.support.telemetry.collector import Came, Collector, collecting
from tests.support.telemetry.ingestion import Ingestion, taking_in
from tests.support.telemetry.told_metrics import KNOWN

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEADER_KEY = "a-key-of-the-collector"


@asynccontextmanager
async def sending(folder: Path, collector: Collector, **more: str) -> AsyncIterator[Parts]:
    """Everything started, with an app that sends to the collector."""
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"api-key={HEADER_KEY}",
        "USER_NAMES": "hashed",
        **more,
    }
    async with running(Parts(folder, settings={**FAST, **settings})) as made:
        await made.start_azurite()
        await made.start_sim(least_rights.estate(made.folder), 60.0)
        await made.start_app()
        yield made


def calling(parts: Parts) -> Client:
    return Client(parts.app_url, parts.sim_url, parts.key)


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture(scope="module")
def insights() -> Iterator[Ingestion]:
    with taking_in() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(
    tmp_path_factory: pytest.TempPathFactory, collector: Collector, insights: Ingestion
) -> AsyncIterator[tuple[Parts, dict[str, Any]]]:
    """A drain that has ended, by two instances, with a few things that went wrong on its way. Both are
    stopped: then they have sent all they had."""
    folder, to = tmp_path_factory.mktemp("telemetry"), insights.connection_string
    async with sending(folder, collector, APPLICATIONINSIGHTS_CONNECTION_STRING=to) as parts:
        await parts.start_app("app-2", free_port())
        async with calling(parts) as client:
            for rule in (
                {"operation": "userSessions.sendMessage", "effect": "status", "status": 500},
                {"operation": "sessionHosts.update", "effect": "lose"},
                {
                    "operation": "userSessions.listByHostPool",
                    "effect": "rewrite",
                    "times": 4,  # the request that starts the drain reads them, too
                    "set": {"/value/0/name": 7, "/value/0/id": 7},
                },
            ):
                await client.sim("POST", "faults", {"times": 1} | rule)
            headers = {"traceparent": f"00-{TRACE}-{CALLER}-00"}
            status, drain, _ = await client.call("POST", "drains", QUICK, headers)
            assert status == 202, drain
            drain = await ended(client, drain["id"])
        assert drain["status"] == "Succeeded", drain
        await asyncio.to_thread(collector.wait, lambda c: c.named("avd_drain.drains.ended"), 60)
        for name in ("app", "app-2"):
            await parts.running[name].stop()
        yield parts, drain


async def test_a_drain_is_one_trace_over_steps_and_instances(
    told: tuple[Parts, dict[str, Any]], collector: Collector
) -> None:
    steps = collector.named(SpanName.STEP)
    assert {step.trace for step in steps} == {TRACE}
    assert {step.parent for step in steps} == {CALLER}
    assert len({step.resource["service.instance.id"] for step in steps}) == 2
    for step in steps:
        assert set(SPAN_ATTRIBUTES) <= step.attributes.keys()
        assert step.attributes["drain.id"] == told[1]["id"]
        assert step.resource["service.name"] == "avd-drain"
        assert step.resource["service.version"] == "0.1.0"
    numbers = [step.attributes["step.number"] for step in steps]
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))


@pytest.mark.usefixtures("told")
async def test_each_part_of_a_step_is_a_span_below_it_and_within_its_time(
    collector: Collector,
) -> None:
    steps = collector.named(SpanName.STEP)
    parts: dict[str, list[Came]] = defaultdict(list)
    for name in set(SpanName) - {SpanName.STEP}:
        for span in collector.named(name):
            parts[span.parent].append(span)
    assert parts.keys() <= {step.id for step in steps}
    names: set[str] = set()
    for step in steps:
        for part in parts[step.id]:
            assert part.trace == step.trace
            assert step.raw.start_time_unix_nano <= part.raw.start_time_unix_nano
            assert part.raw.end_time_unix_nano <= step.raw.end_time_unix_nano
        names |= {part.name for part in parts[step.id]}
    assert names == set(SpanName) - {SpanName.STEP}


async def test_its_figures_are_those_that_alerts_ask_for(
    told: tuple[Parts, dict[str, Any]], collector: Collector
) -> None:
    drain = told[1]
    pool = drain["id"].rsplit("-", 1)[0]
    known = {metric.name: metric for metric in KNOWN}
    for point in collector.points:
        assert set(point.attributes) == set(known[point.name].attributes)
    [over] = collector.named("avd_drain.drains.ended")
    assert (over.value, over.attributes) == (1, {"pool": pool, "status": "Succeeded"})
    empty = collector.named("avd_drain.host.time_to_empty")
    assert sum(point.raw.count for point in empty) == drain["hostCount"]
    assert {point.attributes["pool"] for point in empty} == {pool}
    asked = {
        (point.attributes["kind"], point.attributes["outcome"])
        for point in collector.named("avd_drain.arm.requests")
    }
    assert {("reads", "ok"), ("writes", "ok"), ("writes", "lost"), ("writes", "failed")} <= asked
    assert all(0 <= point.value <= 200 for point in collector.named("avd_drain.arm.tokens"))
    assert collector.named("avd_drain.step.lateness")


async def test_a_log_record_tells_what_it_is_about(
    told: tuple[Parts, dict[str, Any]], collector: Collector
) -> None:
    """A session that the service told oddly is left out, and that is told with its drain and pool."""
    id_ = told[1]["id"]
    odd = [line for line in collector.logs if "cannot be read is left out" in line.name]
    of_steps = [line for line in odd if line.attributes]
    assert of_steps
    for line in odd:  # the others are of the request that began it
        assert line.trace == TRACE
        assert line.id == CALLER or line in of_steps
    for line in of_steps:
        assert line.attributes == {"drain": id_, "pool": id_.rsplit("-", 1)[0]}
        assert line.id in {step.id for step in collector.named(SpanName.STEP)}
        assert line.raw.severity_text == "WARNING"


@pytest.mark.usefixtures("told")
async def test_application_insights_is_told_the_same(
    collector: Collector, insights: Ingestion
) -> None:
    spans = insights.of("RemoteDependencyData")
    ids = {item["data"]["baseData"]["id"] for item in spans}
    assert ids == {span.id for span in collector.spans}
    assert {item["tags"]["ai.operation.id"] for item in spans} == {TRACE}
    points = insights.of("MetricData")
    assert len(points) == len(collector.points)
    logs = insights.of("MessageData") + insights.of("ExceptionData")
    assert len(logs) == len(collector.logs)


async def test_what_is_sent_holds_no_secret_and_no_users_name(
    told: tuple[Parts, dict[str, Any]], collector: Collector, insights: Ingestion
) -> None:
    parts, _ = told
    values = parts.values()
    secrets = [
        parts.key, values["ARM_STATIC_TOKEN"], values["EVENT_TOPIC_KEY"], HEADER_KEY,
        parts.storage.partition("AccountKey=")[2].partition(";")[0],
    ]  # fmt: skip
    sent = b"\n".join(body for _, body in collector.bodies).decode(errors="replace")
    sent += json.dumps(insights.items)
    assert len(sent) > 1_000
    assert [secret for secret in secrets if secret in sent] == []
    async with calling(parts) as client:
        world = json.dumps(await client.sim("GET", "world"))
    users = set(re.findall(r"[\w.]+@[\w.]+", world))
    assert users
    assert [user for user in users if user in sent] == []
    assert all(headers["api-key"] == HEADER_KEY for headers in collector.headers)


async def test_a_collector_that_never_answers_delays_no_drain_and_no_end(tmp_path: Path) -> None:
    with collecting() as away:
        away.open.clear()
        async with sending(tmp_path, away) as parts, calling(parts) as client:
            drain = await ended(client, await started(client, QUICK))
            assert drain["status"] == "Succeeded"
            app = parts.running["app"]
            app.process.send_signal(ASKED)
            assert await asyncio.wait_for(app.process.wait(), 30) == 0
        assert away.spans == []


async def test_a_collector_that_refuses_is_told_of_once(tmp_path: Path) -> None:
    with collecting() as refusing:
        refusing.status = 403
        async with sending(tmp_path, refusing) as parts, calling(parts) as client:
            drain = await ended(client, await started(client, QUICK))
            assert drain["status"] == "Succeeded"
            said = parts.running["app"].said.read_text(encoding="utf-8")
        assert refusing.requests > 0
        assert said.count("telemetry cannot be sent") == 1
