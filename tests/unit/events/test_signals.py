"""What the vendor's events say of machines, as they come: samples of its own pages, in both schemas
and in the letter cases that those pages show."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from shared.core.access.allowed import NOTHING
from shared.core.events.intents import EndDrain, StartDrain
from shared.core.events.signals import Ignored, Malformed, Says, Signal, Source
from shared.events import alert
from shared.events.envelope import Context
from shared.events.health import MEANS
from shared.events.translators import TYPES, translate
from tests.support.builders import NOON

SAMPLES = Path(__file__).parents[2] / "samples" / "events"
CONTEXT = Context(NOON, "", NOTHING)
VM = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-desktops/providers"
    "/Microsoft.Compute/virtualMachines/avd-fin-1"
)


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def heard(told: dict[str, Any]) -> Any:
    return translate(json.dumps(told), CONTEXT)[1]


def signal(told: dict[str, Any]) -> Signal:
    found = heard(told)
    assert isinstance(found, Signal), found
    return found


def test_every_sample_is_understood_or_ignored_with_a_reason() -> None:
    for path in SAMPLES.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        read = alert.translate if alert.is_alert(text) else translate
        assert isinstance(read(text, CONTEXT)[1], Signal | Ignored), path.name


def test_a_pre_event_tells_its_run_in_either_schema_and_letter_case() -> None:
    one, other = (
        signal(sample(f"maintenance_pre.{schema}")) for schema in ("eventgrid", "cloudevent")
    )
    assert replace(one, reason="") == replace(other, reason="")
    run = one.run
    assert run is not None
    assert (one.says, one.source) == (Says.DRAIN, Source.UPDATE_MANAGER)
    assert run.cut_off == datetime(2023, 5, 9, 14, 59, tzinfo=UTC)
    assert run.ends_at - run.starts_at == timedelta(hours=3, minutes=55)
    assert run.subscriptions == (
        "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002",
    )  # fmt: skip
    assert one.stale_at == run.ends_at


def test_a_post_event_is_about_the_same_run_and_is_another_event() -> None:
    pre, post = (
        signal(sample("maintenance_pre.eventgrid")),
        signal(sample("maintenance_post.eventgrid")),
    )
    assert post.says is Says.OVER
    assert post.about == pre.about
    assert post.key.id == pre.key.id
    assert post.key.digest != pre.key.digest
    assert "Succeeded" in post.reason


def test_an_annotation_that_predicts_a_loss_names_its_machine() -> None:
    found = signal(sample("resource_annotated_degraded.eventgrid"))
    assert (found.says, found.source) == (Says.DRAIN, Source.PREDICTED_LOSS)
    assert [machine.lower() for machine in found.machines] == [VM.lower()]
    assert found.reason == "Scheduled migration"


@pytest.mark.parametrize("name", list(MEANS))
def test_each_annotation_that_asks_for_a_drain_does(name: str) -> None:
    told = sample("resource_annotated_degraded.eventgrid")
    told["data"]["resourceInfo"]["properties"]["annotationName"] = name.upper()
    assert signal(told).source is MEANS[name]


def test_what_a_customer_did_is_ignored() -> None:
    found = heard(sample("resource_annotated.cloudevent"))
    assert isinstance(found, Ignored)
    assert "customer" in found.why


def test_available_again_is_a_recovery_of_health_and_of_nothing_else() -> None:
    found = signal(sample("availability_status_changed.eventgrid"))
    assert (found.says, found.machines) == (Says.RECOVERED, (VM,))
    assert set(found.ends) == {Source.PREDICTED_LOSS, Source.PLATFORM_MAINTENANCE}
    told = sample("availability_status_changed.eventgrid")
    told["data"]["resourceInfo"]["properties"]["availabilityState"] = "Unavailable"
    assert isinstance(heard(told), Ignored)


def test_a_health_event_about_something_else_than_a_machine_is_ignored() -> None:
    told = sample("availability_status_changed.eventgrid")
    told["data"]["resourceInfo"]["properties"]["targetResourceId"] = VM.replace(
        "Microsoft.Compute/virtualMachines", "Microsoft.Sql/servers"
    )
    assert isinstance(heard(told), Ignored)


def test_a_scheduled_event_names_machines_by_their_short_names_and_a_time() -> None:
    found = signal(sample("scheduled_event.eventgrid"))
    assert found.by == datetime(2025, 9, 19, 18, 29, 47, tzinfo=UTC)
    assert [machine.rsplit("/", 1)[-1] for machine in found.machines] == ["avd-set_1", "avd-set_2"]
    assert all("/rg-desktops/providers/Microsoft.Compute/" in machine for machine in found.machines)
    assert found.facts["eventType"] == "Freeze"


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"EventStatus": "Started", "NotBefore": ""}, Ignored), ({"EventSource": "User"}, Ignored),
     ({"NotBefore": ""}, Malformed), ({"Resources": []}, Malformed), ({"EventId": 7}, Malformed)],
)  # fmt: skip
def test_a_scheduled_event_that_asks_for_nothing(change: dict[str, Any], kind: type) -> None:
    told = sample("scheduled_event.eventgrid")
    told["data"]["resourceInfo"]["properties"].update(change)
    assert isinstance(heard(told), kind)


@pytest.mark.parametrize("status", ["Completed", "Canceled", "Cancelled"])
def test_a_scheduled_event_that_is_over_is_about_the_same(status: str) -> None:
    told = sample("scheduled_event.eventgrid")
    begun = signal(told)
    told["data"]["resourceInfo"]["properties"].update({"EventStatus": status, "NotBefore": ""})
    over = signal(told | {"id": "another"})
    assert (over.says, over.about) == (Says.OVER, begun.about)


def test_an_alert_names_its_targets_and_its_end_is_about_the_same() -> None:
    told = sample("alert_fired.common")
    key, fired = alert.translate(json.dumps(told), CONTEXT)
    assert isinstance(fired, Signal)
    assert (fired.says, fired.facts["severity"]) == (Says.DRAIN, "Sev1")
    told["data"]["essentials"] |= {
        "monitorCondition": "Resolved", "resolvedDateTime": "2026-11-23T11:59:00Z",
    }  # fmt: skip
    other, resolved = alert.translate(json.dumps(told), CONTEXT)
    assert isinstance(resolved, Signal)
    assert (resolved.says, resolved.about) == (Says.OVER, fired.about)
    assert key.digest != other.digest


def test_an_alert_about_a_session_host_is_understood_too() -> None:
    told = sample("alert_fired.common")
    host = (
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/rg/providers"
        "/microsoft.desktopvirtualization/hostpools/hp/sessionhosts/avd-fin-1.contoso.example"
    )
    told["data"]["essentials"]["alertTargetIDs"] = [host]
    _, found = alert.translate(json.dumps(told), CONTEXT)
    assert isinstance(found, Signal)
    assert (found.machines, found.facts["targetType"]) == ((host,), "sessionHosts")


def test_all_that_is_wrong_with_an_event_is_told_at_once() -> None:
    told = sample("maintenance_pre.eventgrid")
    told["data"] = {
        "correlationId": "x", "startDateTime": "soon", "cancellationCutOffDateTime": "later",
    }  # fmt: skip
    found = heard(told)
    assert isinstance(found, Malformed)
    text = "; ".join(found.faults)
    for field in ("correlationId", "startDateTime", "endDateTime", "resourceSubscriptionIds",
                  "cancellationCutOffDateTime"):  # fmt: skip
        assert f"'data.{field}'" in text


VALUES = (
    st.none() | st.integers() | st.text(max_size=12) | st.lists(st.text(max_size=5), max_size=3)
)


@settings(max_examples=3000, deadline=None)
@given(st.sampled_from(sorted(p.stem for p in SAMPLES.glob("*.json"))), st.integers(0, 40), VALUES)
def test_whatever_stands_in_a_field_it_is_read_ignored_or_told_what_is_wrong(
    name: str, at: int, value: Any
) -> None:
    told = sample(name)
    places = list(_places(told))
    holder, key = places[at % len(places)]
    holder[key] = value
    text = json.dumps(told)
    read = alert.translate if name.startswith("alert") else translate
    assert isinstance(read(text, CONTEXT)[1], Signal | StartDrain | EndDrain | Ignored | Malformed)


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(sorted(p.name for p in SAMPLES.glob("*.json"))), st.integers(0, 3000))
def test_a_truncated_event_is_malformed_and_nothing_worse(name: str, at: int) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8")[:at]
    translate(text, CONTEXT)
    alert.translate(text, CONTEXT)


def _places(told: Any) -> Any:
    for key, value in list(told.items()):
        yield told, key
        if isinstance(value, dict):
            yield from _places(value)


def test_every_type_of_the_vendors_has_a_sample() -> None:
    told = [json.loads(path.read_text(encoding="utf-8")) for path in SAMPLES.glob("*.json")]
    types = {str(each.get("type") or each.get("eventType")) for each in told}
    assert {name for name in TYPES if name.startswith("Microsoft.")} <= types
