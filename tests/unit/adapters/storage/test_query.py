"""What Table Storage answers to a query, in the shapes that the service is known to give."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters.storage.tables import query
from shared.errors import StorageError

ENTITY: dict[str, Any] = {
    "odata.type": "account.pools",
    "odata.id": "https://account.table.core.windows.net/pools(PartitionKey='p',RowKey='a')",
    "odata.etag": "W/\"datetime'2026-11-28T12%3A00%3A00.1234567Z'\"",
    "odata.editLink": "pools(PartitionKey='p',RowKey='a')",
    "PartitionKey": "p",
    "RowKey": "a",
    "Timestamp@odata.type": "Edm.DateTime",
    "Timestamp": "2026-11-28T12:00:00.1234567Z",
    "text": "x",
    "yes": True,
    "number": 7,
    "half": 0.5,
    "long@odata.type": "Edm.Int64",
    "long": "12345678901",
    "at@odata.type": "Edm.DateTime",
    "at": "2026-11-28T12:00:00.1234567Z",
}


def test_properties_are_read_with_their_types() -> None:
    [row] = query.rows({"odata.metadata": "...", "value": [ENTITY]})
    assert (row.partition, row.key, row.etag) == ("p", "a", ENTITY["odata.etag"])
    assert row.values == {
        "text": "x", "yes": True, "number": 7, "half": 0.5, "long": 12345678901,
        "at": datetime(2026, 11, 28, 12, 0, 0, 123456, UTC),
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        None, [], {}, {"value": None}, {"value": [7]}, {"value": [{}]},
        {"value": [{**ENTITY, "at": "yesterday"}]},
        {"value": [{key: value for key, value in ENTITY.items() if key != "odata.etag"}]},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_no_empty_list(answer: object) -> None:
    with pytest.raises(StorageError):
        list(query.rows(answer))


@pytest.mark.parametrize("kind", ["Edm.Binary", "Edm.Guid", "Edm.Later"])
def test_a_property_of_a_type_that_the_app_never_writes_spoils_no_row(kind: str) -> None:
    """Else one column of another hand would keep a whole pool from being read."""
    [row] = query.rows({"value": [{**ENTITY, "raw@odata.type": kind, "raw": "AA=="}]})
    assert row.values["text"] == "x"
    assert row.values["raw"] == "AA=="


def test_no_value_ends_a_condition() -> None:
    asked = query.condition("p", "a'", "b", {"name": "x' or true or '", "open": True})
    assert asked == (
        "PartitionKey eq 'p' and RowKey ge 'a''' and RowKey lt 'b' "
        "and name eq 'x'' or true or ''' and open eq true"
    )


def test_a_value_that_no_condition_can_name_is_a_fault() -> None:
    with pytest.raises(TypeError):
        query.condition("p", "a", "b", {"name": object()})
