"""What events ask for, whatever schema they come in, and what is wrong with those that cannot be
read."""

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from shared.core.access.allowed import NOTHING, Allowed
from shared.core.events.intents import EndDrain, StartDrain
from shared.core.events.records import EventKey
from shared.core.events.signals import Ignored, Malformed
from shared.events.envelope import Context
from shared.events.own import REQUESTED
from shared.events.translators import TYPES, translate
from tests.support.builders import NOON, POOL
from tests.support.events import REQUEST, cloud_event, event_grid

RELEASED, CANCELED = "AvdDrain.Drain.Released", "AvdDrain.Drain.Canceled"
CONTEXT = Context(NOON, "https://app.example/api/", NOTHING)


def asked(text: str) -> Any:
    return translate(text, CONTEXT)[1]


@pytest.mark.parametrize("schema", [event_grid, cloud_event])
def test_a_drain_is_asked_for_in_either_schema_with_the_body_of_the_http_request(
    schema: Any,
) -> None:
    envelope, intent = translate(schema(REQUESTED, REQUEST), CONTEXT)
    assert isinstance(intent, StartDrain)
    assert (intent.asked.pool, intent.asked.reason) == (POOL, "patches")
    assert envelope.key == EventKey(REQUESTED, "1", "estate/night")


def test_the_same_event_in_the_other_schema_is_the_same_event() -> None:
    keys = {
        translate(schema(type_, REQUEST), CONTEXT)[0].key.digest
        for schema in (event_grid, cloud_event)
        for type_ in (REQUESTED, REQUESTED.upper())
    }
    assert len(keys) == 1


def test_events_of_one_id_for_two_subjects_or_of_two_types_are_not_the_same() -> None:
    keys = {
        translate(event_grid(type_, REQUEST, subject=subject), CONTEXT)[0].key.digest
        for type_ in (REQUESTED, RELEASED)
        for subject in ("a", "b")
    }
    assert len(keys) == 4


def test_field_names_are_read_in_any_letter_case() -> None:
    told = {
        name.upper(): value for name, value in json.loads(event_grid(REQUESTED, REQUEST)).items()
    }
    assert isinstance(asked(json.dumps(told)), StartDrain)


def test_a_drain_is_ended_by_its_id_or_by_the_event_that_asked_for_it() -> None:
    by_id = asked(event_grid(RELEASED, {"drain": "hp-1", "hosts": ["a"], "reason": "done"}))
    assert by_id == EndDrain("hp-1", None, False, ("a",), "done")
    by_event = asked(cloud_event(CANCELED, {"request": "1"}))
    assert by_event == EndDrain("", EventKey(REQUESTED, "1", "estate/night"), True)


@pytest.mark.parametrize(
    ("type_", "data", "fault"),
    [
        (REQUESTED, {}, "hostPool: is required"),
        (REQUESTED, REQUEST | {"more": 1}, "more: no such field"),
        (RELEASED, {}, "either 'drain'"),
        (RELEASED, {"drain": "a", "request": "b"}, "either 'drain'"),
        (CANCELED, {"drain": "a", "hosts": ["b"]}, "canceled as a whole"),
        (CANCELED, {"drain": 7}, "drain:"),
        (RELEASED, [], "'data' is not a JSON object"),
    ],
)
def test_what_is_wrong_with_an_event_is_said(type_: str, data: Any, fault: str) -> None:
    intent = asked(event_grid(type_, data))
    assert isinstance(intent, Malformed)
    assert fault in "; ".join(intent.faults)


def test_a_webhook_needs_an_address_to_answer_to() -> None:
    url = "https://prod-1.westeurope.logic.azure.com/x"
    body = REQUEST | {"policy": {"maintenance": {"kind": "webhook", "url": url}}}
    allowed = Allowed({}, ("*.logic.azure.com",))
    intent = translate(event_grid(REQUESTED, body), Context(NOON, "", allowed))[1]
    assert isinstance(intent, Malformed)
    assert "PUBLIC_ADDRESS" in intent.faults[0]


def test_an_event_of_another_kind_is_ignored_with_its_type() -> None:
    intent = asked(event_grid("Microsoft.Storage.BlobCreated", {}))
    assert intent == Ignored("events of type 'Microsoft.Storage.BlobCreated' are not for this app")


def test_every_type_has_a_file_of_its_own_and_is_found_in_any_letter_case() -> None:
    for name in TYPES:
        assert not isinstance(asked(event_grid(name.lower(), {})), Ignored)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
fields = st.sampled_from(
    ["id", "type", "eventType", "subject", "data", "specversion", "ID", "Data", "topic"]
)
data_fields = st.sampled_from(["drain", "request", "hosts", "reason", "hostPool", "policy", "x"])


@settings(max_examples=3000, deadline=None)
@given(
    st.dictionaries(fields, json_values)
    | st.fixed_dictionaries(
        {
            "id": st.text(min_size=1, max_size=5),
            "eventType": st.sampled_from([*TYPES, "x"]),
            "data": st.dictionaries(data_fields, json_values) | json_values,
        }
    )
)
def test_whatever_an_event_holds_it_is_read_ignored_or_told_what_is_wrong(told: Any) -> None:
    intent = asked(json.dumps(told))
    assert isinstance(intent, StartDrain | EndDrain | Ignored | Malformed)


@settings(max_examples=1500, deadline=None)
@given(st.integers(0, 400), st.binary(max_size=6))
def test_a_truncated_or_garbled_event_is_malformed_and_nothing_worse(at: int, more: bytes) -> None:
    text = event_grid(REQUESTED, REQUEST)
    garbled = text[:at] + more.decode("latin-1") + text[at + len(more) :]
    asked(text[:at])
    asked(garbled)
