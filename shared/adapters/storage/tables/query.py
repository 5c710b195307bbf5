"""Writes queries for Table Storage, and reads the rows of a response.

The SDK makes an object of each property by way of two others. That takes a fifth of a millisecond
per row, and a large drain has many thousand rows. Strings are encoded here, so that no value can
end a condition.

https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities
https://learn.microsoft.com/rest/api/storageservices/payload-format-for-table-service-operations
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from shared.adapters.storage.tables.table import Among, NotEmpty, Other, Row, Values
from shared.errors import StorageError

CONTINUED = ("NextPartitionKey", "NextRowKey")
"""The parameters that ask for the rest of a response. An incomplete response has them as headers of
these names."""
HEADER = "x-ms-continuation-"
_TYPE = "@odata.type"
_SPECIAL = frozenset({"PartitionKey", "RowKey", "Timestamp"})


def headers(version: str, *, versions: bool = True) -> dict[str, str]:
    """The headers of a request. ``version`` is that of the service's API. Only full metadata
    include ETags, and they are half of a response: without ``versions`` minimal metadata are asked for."""
    metadata = "fullmetadata" if versions else "minimalmetadata"
    return {
        "x-ms-version": version,
        "DataServiceVersion": "3.0",
        "Accept": f"application/json;odata={metadata}",
    }


def address(table_url: str, partition: str, key: str) -> str:
    """The address of a row."""
    return f"{table_url}(PartitionKey='{_key(partition)}',RowKey='{_key(key)}')"


def _key(text: str) -> str:
    return quote(text.replace("'", "''"), safe="")


def condition(partition: str, first: str, last: str, where: Values) -> str:
    """The condition for rows of a partition with ``first <= key < last`` whose properties match
    ``where``. Raises TypeError for a value that no condition can name."""
    terms = [
        f"PartitionKey eq {_literal(partition)}",
        f"RowKey ge {_literal(first)}",
        f"RowKey lt {_literal(last)}",
        *(_term(name, value) for name, value in where.items()),
    ]
    return " and ".join(terms)


def _term(name: str, value: Any) -> str:
    match value:
        case NotEmpty():
            return f"{name} gt ''"
        case Other(value_):
            return f"not ({name} eq {_literal(value_)})"
        case Among(values):
            return "(" + " or ".join(f"{name} eq {_literal(each)}" for each in values) + ")"
    return f"{name} eq {_literal(value)}"


def _literal(value: Any) -> str:
    match value:
        case str():
            doubled = value.replace("'", "''")
            return f"'{doubled}'"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case datetime():
            return f"datetime'{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}'"
    raise TypeError(f"no condition names a {type(value).__name__}")


def rows(found: object, *, versions: bool = True) -> Iterator[Row]:
    """The rows in a response's JSON; ``versions`` as in ``headers``. Raises StorageError if it cannot be
    read."""
    listed = found.get("value") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise StorageError("an answer of Table Storage without a list of rows")
    yield from map(row if versions else _without_version, listed)


def row(entity: Any) -> Row:
    """The row in an entity's JSON with full metadata. Raises StorageError if it cannot be read."""
    try:
        return _row(entity)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StorageError(f"a row of Table Storage that is not understood: {error}") from error


def _without_version(entity: Any) -> Row:
    return row(entity | {"odata.etag": ""} if isinstance(entity, dict) else entity)


def _row(entity: Mapping[str, Any]) -> Row:
    values = {
        name: _value(value, entity.get(name + _TYPE))
        for name, value in entity.items()
        if "odata." not in name and name not in _SPECIAL
    }
    return Row(entity["PartitionKey"], entity["RowKey"], values, entity["odata.etag"])


def _value(value: Any, kind: str | None) -> Any:
    match kind:
        case None | "Edm.String" | "Edm.Double" | "Edm.Boolean" | "Edm.Int32":
            return value
        case "Edm.DateTime":
            return datetime.fromisoformat(value)
        case "Edm.Int64":
            return int(value)
    return value  # this app writes none of another type: it is somebody else's, and spoils no row
