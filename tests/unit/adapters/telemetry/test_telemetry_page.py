"""What docs/telemetry.md and host.json say of telemetry is what the app does."""

import json
import re
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
from shared.ports.measures import LOG_ATTRIBUTES, METRICS, SPAN_ATTRIBUTES, SpanName
from shared.settings.settings import SettingsError, load
from shared.wiring import connect
from tests.support.telemetry import told_metrics
from tests.support.telemetry.ingestion import KEY
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
        for m in METRICS
    ]
    at_once = [m.name for m in METRICS if m.at_once]
    words = " ".join(PAGE.split())
    names = ", ".join(f"`{name}`" for name in at_once[:-1]) + f" and `{at_once[-1]}` at once"
    assert names in words


def test_alerts_and_the_workbook_may_ask_for_what_there_is_and_nothing_else() -> None:
    assert {m.name: set(m.attributes) for m in METRICS} == told_metrics.METRICS
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
    assert host["logging"]["OpenTelemetry"]["logLevel"] == {
        "default": "Warning", "Function.*.User": "None"
    }  # fmt: skip
    assert "applicationInsights" not in host["logging"]


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
