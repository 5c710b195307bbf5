"""Events that are not for this app, and JSON as strangers write it: ignored, read, or told what is
wrong, and never a crash."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.core.access.allowed import NOTHING
from shared.core.events.intents import EndDrain, StartDrain
from shared.core.events.rules import Rule
from shared.core.events.signals import Ignored, Malformed, Signal, Source
from shared.core.events.triage import Serving, groups
from shared.core.values.hostpool import HostPoolId
from shared.events import alert
from shared.events.envelope import Context
from shared.events.translators import translate
from tests.support.builders import NOON, POOL
from tests.support.events import REQUEST, cloud_event, event_grid

SAMPLES = Path(__file__).parents[2] / "samples" / "events"
CONTEXT = Context(NOON, "", NOTHING)
REQUESTED, CANCELED = "AvdDrain.Drain.Requested", "AvdDrain.Drain.Canceled"
VM = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers"
    "/Microsoft.Compute/virtualMachines/a"
)


def an_alert(**essentials: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((SAMPLES / "alert_fired.common.json").read_text("utf-8"))
    told["data"]["essentials"] |= essentials
    return told


def alerted(**essentials: Any) -> Any:
    return alert.translate(json.dumps(an_alert(**essentials)), CONTEXT)[1]


def changed(sample: str, **properties: Any) -> Any:
    told = json.loads((SAMPLES / f"{sample}.json").read_text("utf-8"))
    told["data"]["resourceInfo"]["properties"] |= properties
    return translate(json.dumps(told), CONTEXT)[1]


@pytest.mark.parametrize(
    "essentials",
    [
        {"alertRule": None, "severity": None, "monitorCondition": None, "alertTargetIDs": None},
        {"alertTargetIDs": None, "firedDateTime": "soon"},
        {"alertTargetIDs": [], "alertRule": 7},
        {"alertTargetIDs": 7},
        {"alertTargetIDs": [None, 7, {}]},
        {"alertTargetIDs": [VM.replace("Compute/virtualMachines", "Storage/storageAccounts")]},
        {"monitorCondition": "Acknowledged", "alertId": None},
    ],
)
def test_an_alert_about_something_else_is_ignored_whatever_else_it_holds(
    essentials: dict[str, Any],
) -> None:
    assert isinstance(alerted(**essentials), Ignored)


@pytest.mark.parametrize(
    "missing", ["alertRule", "severity", "alertId", "firedDateTime", "monitoringService"]
)
def test_an_alert_on_a_machine_needs_nothing_that_is_not_used(missing: str) -> None:
    assert isinstance(alerted(**{missing: None}), Signal)


@pytest.mark.parametrize("essentials", [{}, {"alertId": 7}, {"alertRule": None}])
def test_what_tells_nothing_of_an_alert_is_none(essentials: dict[str, Any]) -> None:
    told = {"schemaId": alert.SCHEMA, "data": {"essentials": essentials}}
    found = alert.translate(json.dumps(told), CONTEXT)[1]
    assert isinstance(found, Malformed)
    assert len(found.faults) >= 5


def test_an_alert_without_an_id_is_told_from_others_and_tied_to_its_end() -> None:
    key, fired = alert.translate(json.dumps(an_alert(alertId=None)), CONTEXT)
    other, _ = alert.translate(json.dumps(an_alert(alertId=None, alertTargetIDs=[VM])), CONTEXT)
    _, over = alert.translate(
        json.dumps(an_alert(alertId=None, monitorCondition="Resolved")), CONTEXT
    )
    assert isinstance(fired, Signal)
    assert isinstance(over, Signal)
    assert key.digest != other.digest
    assert fired.about == over.about


def test_a_time_of_the_year_1_is_none_and_one_of_the_year_9999_is_no_time() -> None:
    fired = alerted(firedDateTime="0001-01-01T00:00:00Z")
    assert isinstance(fired, Signal)
    assert fired.happened_at == NOON
    assert isinstance(alerted(firedDateTime="9999-12-31T23:59:59-14:00"), Malformed)
    assert isinstance(changed("scheduled_event.eventgrid", NotBefore="9999-12-31"), Malformed)


def test_a_health_event_about_something_else_is_ignored_whatever_else_it_holds() -> None:
    other = VM.replace("Compute/virtualMachines", "Sql/servers")
    odd: dict[str, Any] = {
        "targetResourceId": other,
        "annotationName": 7,
        "occurredTime": [],
        "context": {},
    }
    assert isinstance(changed("resource_annotated_degraded.eventgrid", **odd), Ignored)
    odd = {"targetResourceId": other, "availabilityState": None, "occurredTime": None}
    assert isinstance(changed("availability_status_changed.eventgrid", **odd), Ignored)


def test_an_annotation_that_asks_for_nothing_needs_no_time() -> None:
    odd: dict[str, Any] = {"annotationName": "VirtualMachineStarted", "occurredTime": None}
    assert isinstance(changed("resource_annotated_degraded.eventgrid", **odd), Ignored)


def test_a_scheduled_event_that_has_begun_is_ignored_whatever_else_it_holds() -> None:
    odd: dict[str, Any] = {
        "EventStatus": "Started",
        "Resources": None,
        "EventId": 7,
        "EventType": [],
    }
    assert isinstance(changed("scheduled_event.eventgrid", **odd), Ignored)


def test_an_event_of_another_type_is_ignored_whatever_else_it_holds() -> None:
    text = json.dumps({"eventType": "Other", "subject": 7, "data": [1], "id": None})
    envelope, intent = translate(text, CONTEXT)
    other = translate(text.replace("7", "8"), CONTEXT)[0]
    assert isinstance(intent, Ignored)
    assert envelope.key.digest != other.key.digest


def test_an_attribute_that_is_null_is_absent() -> None:
    told = json.loads(cloud_event(REQUESTED, REQUEST)) | {"subject": None, "data_base64": None}
    envelope, intent = translate(json.dumps(told), CONTEXT)
    assert isinstance(intent, StartDrain)
    assert envelope.subject == ""


def test_the_data_of_a_cloud_event_may_come_in_base64() -> None:
    told = json.loads(cloud_event(REQUESTED, None))
    plain = "\ufeff" + json.dumps(REQUEST)
    del told["data"]
    told["data_base64"] = base64.b64encode(plain.encode()).decode()
    assert isinstance(translate(json.dumps(told), CONTEXT)[1], StartDrain)
    for wrong in ("!!", base64.b64encode(b"[1]").decode(), 7):
        found = translate(json.dumps(told | {"data_base64": wrong}), CONTEXT)[1]
        assert isinstance(found, Malformed)
        assert "data_base64" in found.faults[0]


@pytest.mark.parametrize("as_bytes", [False, True])
def test_a_byte_order_mark_is_no_fault(as_bytes: bool) -> None:
    event, told = "\ufeff" + event_grid(REQUESTED, REQUEST), "\ufeff" + json.dumps(an_alert())
    read: Any = str.encode if as_bytes else str
    assert isinstance(translate(read(event), CONTEXT)[1], StartDrain)
    assert alert.is_alert(read(told))
    assert isinstance(alert.translate(read(told), CONTEXT)[1], Signal)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_another_encoding_than_utf_8_is_told(encoding: str) -> None:
    raw = '{"schemaId": "azureMonitorCommonAlertSchema", "who": "Jörg"}'.encode(encoding)
    for found in (translate(raw, CONTEXT)[1], alert.translate(raw, CONTEXT)[1]):
        assert isinstance(found, Malformed)
        assert "UTF-8" in found.faults[0]


def test_a_key_that_stands_twice_in_an_event_of_ours_is_told_with_its_place() -> None:
    twice = '{"maintenance": {"kind": "none", "kind": "hold"}}'
    text = event_grid(REQUESTED, REQUEST | {"policy": "here"}).replace('"here"', twice)
    found = translate(text, CONTEXT)[1]
    assert found == Malformed(("'data.policy.maintenance.kind' stands there twice",))
    text = event_grid(CANCELED, {"drain": "a"}).replace(
        '"drain": "a"', '"drain": "a", "drain": "b"'
    )
    assert isinstance(translate(text, CONTEXT)[1], Malformed)


@pytest.mark.parametrize(
    "data",
    ["[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000, "NaN", "-Infinity", "1e999", "9" * 6000,
     '"\\ud800"', '{"\\udfff": "\\ud800x"}', '"\\u0000"'],
)  # fmt: skip
@pytest.mark.parametrize("type_", ["Other", REQUESTED, CANCELED])
def test_what_no_storage_takes_is_read_or_told_what_is_wrong(type_: str, data: str) -> None:
    text = f'{{"id": "1", "eventType": "{type_}", "data": {{"drain": {data}}}}}'
    envelope, intent = translate(text, CONTEXT)
    assert isinstance(intent, Ignored | Malformed | EndDrain)
    json.dumps([envelope.key.id, envelope.subject]).encode()
    str(intent).encode()


def test_an_id_with_half_a_character_can_be_kept() -> None:
    key = translate('{"id": "\\ud800", "eventType": "x\\udc00", "subject": "\\udfff"}', CONTEXT)[
        0
    ].key
    assert len(key.digest) == 32


def test_an_alert_is_matched_to_rules_for_each_of_its_machines() -> None:
    host = f"{POOL.resource_id}/sessionHosts/b"
    found = alerted(alertTargetIDs=[VM, host])
    one = Rule("vms", Source.ALERT, only={"targetType": ("virtualMachines",)})
    two = Rule("hosts", Source.ALERT, only={"targetType": ("sessionHosts",)})
    here = [Serving(POOL, "a", VM.lower()), Serving(POOL, "b", host.lower())]
    made, _ = groups([(found, here)], (one, two))
    assert [(group.rule.name, group.hosts) for group in made] == [
        ("vms", ("a",)), ("hosts", ("b",)),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["hp@lab", "a b.c_d-1", "HP3", "x" * 64])
def test_every_name_that_the_vendor_allows_is_a_pools(name: str) -> None:
    assert HostPoolId.parse(POOL.resource_id.replace(POOL.name, name)).name == name


@pytest.mark.parametrize("name", ["hp", "x" * 65, "hp(1)", "hp#1", "hp/1"])
def test_no_other_name_is(name: str) -> None:
    with pytest.raises(ValueError, match="not a host pool's resource id"):
        HostPoolId.parse(POOL.resource_id.replace(POOL.name, name))


@pytest.mark.parametrize("told", [None, "", "0001-01-01T00:00:00Z"])
def test_a_run_without_a_last_moment_to_cancel_can_be_canceled_until_it_starts(told: Any) -> None:
    """How long before that the app decides is its own setting."""
    raw = json.loads((SAMPLES / "maintenance_pre.eventgrid.json").read_text("utf-8"))
    raw["data"]["cancellationCutOffDateTime"] = told
    found = translate(json.dumps(raw), CONTEXT)[1]
    assert isinstance(found, Signal)
    assert found.run is not None
    assert found.run.cut_off == found.run.starts_at


def test_what_cannot_have_happened_yet_happened_when_it_came() -> None:
    """Else its end would be older than it, and it would make sense for years."""
    fired = alerted(firedDateTime="2036-01-01T00:00:00Z")
    soon = changed("resource_annotated_degraded.eventgrid", occurredTime="2036-01-01T00:00:00Z")
    over = changed("availability_status_changed.eventgrid", occurredTime="2036-01-01T00:00:00Z")
    assert (fired.happened_at, fired.stale_at) == (NOON, NOON + alert.SENSE)
    assert soon.happened_at == over.happened_at == NOON
    ahead = NOON + timedelta(minutes=2)
    assert alerted(firedDateTime=ahead.isoformat()).happened_at == ahead


def test_a_classic_alert_is_ignored_with_what_is_to_be_done_about_it() -> None:
    told = {"status": "Activated", "context": {"resourceId": VM}, "properties": None}
    found = alert.translate(json.dumps(told), CONTEXT)[1]
    assert isinstance(found, Ignored)
    assert "enable the common alert schema" in found.why
