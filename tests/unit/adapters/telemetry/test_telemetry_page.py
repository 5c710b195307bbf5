"""What docs/telemetry.md and host.json say of telemetry is what the app does."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from shared.adapters.telemetry import (
    batch,
    destinations,
    plain,
    recorder,
    sender,
    series,
    telemetry,
)
from shared.api.routes import ROUTES
from shared.ports.measures import LOG_ATTRIBUTES, SPAN_ATTRIBUTES, SpanName
from shared.settings.settings import SettingsError, load
from shared.wiring import connect
from tests.support.telemetry import log_rules, told_metrics
from tests.support.telemetry.ingestion import KEY
from tests.support.telemetry.log_rules import LogLevel
from tests.support.telemetry.told_metrics import KNOWN
from tests.unit.project.test_cold_start import HEAVY, loaded_by, of
from tests.unit.settings.test_settings import GOOD

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "telemetry.md").read_text(encoding="utf-8")
INSIGHTS = f"InstrumentationKey={KEY};IngestionEndpoint=https://x.in.applicationinsights.azure.com/"
SENT = {
    "APPLICATIONINSIGHTS_CONNECTION_STRING": INSIGHTS,
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": f"ClientId={KEY};Authorization=AAD",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
}


def test_the_page_has_each_metric_as_the_table_in_the_code_has_it() -> None:
    rows = re.findall(
        r"^\| `(avd_drain\.[\w.]+)` \| (\w+) \| (\w+) \| (.*?) \| (.+) \|$", PAGE, re.MULTILINE
    )
    assert rows == [
        (
            m.name,
            str(m.kind),
            m.unit.strip("{}"),
            ", ".join(f"`{a}`" for a in m.attributes),
            m.meaning,
        )
        for m in KNOWN
    ]
    at_once = [m.name for m in KNOWN if m.at_once]
    words = " ".join(PAGE.split())
    names = ", ".join(f"`{name}`" for name in at_once[:-1]) + f" and `{at_once[-1]}` at once"
    assert names in words


def test_alerts_and_the_workbook_may_ask_for_what_there_is_and_nothing_else() -> None:
    assert {m.name: set(m.attributes) for m in KNOWN} == told_metrics.METRICS
    assert told_metrics.SPANS.keys() <= set(SpanName)
    assert told_metrics.SPANS[SpanName.STEP] <= set(SPAN_ATTRIBUTES)
    assert set(LOG_ATTRIBUTES) == told_metrics.LOGS


def test_the_page_has_each_span_and_attribute() -> None:
    assert re.findall(r"^\| `([\w.]+)` \| [^|]+ \|$", PAGE, re.MULTILINE) == [
        str(name) for name in SpanName
    ]
    words = " ".join(PAGE.split())
    for name in (*SPAN_ATTRIBUTES, *LOG_ATTRIBUTES, *destinations.resource()):
        assert f"`{name}`" in words
    assert set(re.findall(r"`(service\.[\w.]+)`", words)) == destinations.resource().keys()


def test_the_page_has_the_bounds() -> None:
    words = " ".join(PAGE.split()).replace(",", "")
    for text in (
        f"{batch.MOST} records of a kind",
        f"{series.MOST_SERIES} series",
        f"texts of {plain.LONGEST} characters",
        f"tracebacks of {plain.LONGEST_TRACE}",
        f"more than {recorder.MOST_PARTS} spans",
        f"again in {sender.FIRST_PAUSE:.0f} seconds",
    ):
        assert text in words
    assert telemetry.WAIT == telemetry.AT_THE_END == 1
    assert sender.LONGEST_PAUSE == 600
    assert 4 * 60 < series.EVERY < 5 * 60  # with every fifth tick


def test_the_host_tells_by_opentelemetry_and_not_what_the_app_tells_itself() -> None:
    host = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))
    assert host["telemetryMode"] == "OpenTelemetry"
    assert "applicationInsights" not in host["logging"]
    rules = log_rules.of_host(host)
    functions = [route.name for route in ROUTES] + re.findall(
        r"^async def (\w+)", (ROOT / "function_app.py").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert "find_due_drains" in functions
    for name in functions:
        sent = [level for level in LogLevel if log_rules.is_sent(rules, f"Function.{name}", level)]
        assert sent == [LogLevel.WARNING, LogLevel.ERROR, LogLevel.CRITICAL], name
        assert not any(
            log_rules.is_sent(rules, f"Function.{name}.User", level) for level in LogLevel
        )
    assert not log_rules.is_sent(rules, "Host.Startup", LogLevel.INFORMATION)
    assert log_rules.is_sent(rules, "Host.Startup", LogLevel.WARNING)


def test_of_a_functions_own_lines_a_default_or_a_shorter_rule_leaves_all() -> None:
    """What the host adds itself is the stronger: so the rules of host.json are as long as they are."""
    for told in ("default", "Function", "Function.*"):
        rules = log_rules.of_host({"logging": {"OpenTelemetry": {"logLevel": {told: "Warning"}}}})
        assert log_rules.is_sent(rules, "Function.step_drain", LogLevel.INFORMATION)


CAPABILITIES = """
import asyncio, sys
from types import SimpleNamespace
from azure_functions_runtime import handle_event
from azure_functions_runtime.utils.threadpool import start_threadpool_executor
from local.host.records import protos
start_threadpool_executor()
asked = SimpleNamespace(worker_init_request=SimpleNamespace(capabilities={}, function_app_directory=sys.argv[1]))
request = SimpleNamespace(request=asked, properties={"protos": protos(), "host": "127.0.0.1"})
print(asyncio.run(handle_event.worker_init_request(request)).capabilities)
"""


@pytest.mark.parametrize("enabled", [False, True])
def test_the_worker_hands_its_lines_on_unless_it_is_told_that_the_app_sends_them(
    enabled: bool,
) -> None:
    """So the filter is needed: the setting that would make it needless is not to be set."""
    named = {"PYTHON_ENABLE_OPENTELEMETRY": "true"} if enabled else {}
    ran = subprocess.run(
        [sys.executable, "-c", CAPABILITIES, str(ROOT / "tests" / "end_to_end" / "small_app")],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), **named},
    )  # fmt: skip
    assert ("'WorkerOpenTelemetryEnabled': 'true'" in ran.stdout) is enabled


def test_no_setting_is_made_that_has_the_worker_load_telemetry_before_the_app() -> None:
    made = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "infra").rglob("*.bicep"))
    for name in ("PYTHON_ENABLE_OPENTELEMETRY", "PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY"):
        assert name not in made
        assert name not in (ROOT / "local.settings.sample.json").read_text(encoding="utf-8")


def test_the_version_that_is_told_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == destinations.VERSION


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_SDK_DISABLED", "perhaps"),
        ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=hidden"),
        ("APPLICATIONINSIGHTS_CONNECTION_STRING", f"InstrumentationKey={KEY};IngestionEndpoint=http://x.example"),
        ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "Authorization=AAD"),
        ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "key"),
    ],
)  # fmt: skip
def test_a_wrong_setting_stops_the_app_by_its_name_and_not_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        load(GOOD | {name: value})
    assert name in str(wrong.value)
    assert "hidden" not in str(wrong.value)


def test_the_identity_is_the_one_that_is_named() -> None:
    assert load(GOOD | SENT).insights_client_id == KEY
    of_system = SENT | {"APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "Authorization=AAD"}
    assert load(GOOD | of_system).insights_client_id == ""
    assert load(GOOD | of_system).insights_signing


FIRST_STEP = """
import asyncio, function_app
from shared.triggers import queues, tick
async def connect():
    function_app.drain_app._connected().telemetry.new_trace()
asyncio.run(connect())
"""


def test_nothing_of_it_is_loaded_until_something_is_sent() -> None:
    """Not with the functions, and not with the first step: only what records."""
    others = ("opentelemetry", "google", "requests", "azure.monitor", "azure.identity", "psutil")
    listed = loaded_by("import function_app; function_app.app.get_functions()", GOOD | SENT)
    assert of(listed, (*HEAVY, "opentelemetry", "google", "shared.adapters")) == []
    first = loaded_by(FIRST_STEP, GOOD | SENT)
    assert "shared.adapters.telemetry.recorder" in first
    assert of(first, (*others, "shared.adapters.telemetry.sdk")) == []


def test_where_nothing_is_to_be_told_not_even_that_is_loaded() -> None:
    for settings in (GOOD, GOOD | SENT | {"OTEL_SDK_DISABLED": "true"}):
        assert of(loaded_by(FIRST_STEP, settings), ("shared.adapters.telemetry",)) == []


def test_the_package_that_is_named_and_not_needed_is_never_imported() -> None:
    code = (
        "from shared.adapters.telemetry.destinations import AzureMonitor\n"
        f"AzureMonitor('{INSIGHTS}')()"
    )
    loaded = loaded_by(code, GOOD)
    assert of(loaded, ("azure.monitor.opentelemetry",))
    assert of(loaded, ("msrest", "oauthlib", "requests_oauthlib")) == []


def test_what_is_secret_of_a_place_does_not_show_itself() -> None:
    made = [
        destinations.AzureMonitor(INSIGHTS),
        destinations.Otlp("https://x.example", "api-key=k"),
    ]
    assert KEY not in repr(made)
    assert "api-key" not in repr(made)


async def test_an_app_that_tells_nothing_is_silent() -> None:
    outside = connect(load(GOOD))
    assert outside.telemetry.new_trace() == ""
    await outside.telemetry.flush()
