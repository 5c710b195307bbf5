"""A transaction as the service takes it, and its answers as they are read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.adapters.storage.tables.batch import body, etags, typed
from shared.adapters.storage.tables.table import Op, TableConflictError
from shared.errors import StorageError

URL = "https://account.table.core.windows.net/pools"


def answered(*parts: str) -> str:
    """As the service writes it; each part is an answer to one change, with its headers."""
    lines = ["--batchresponse_1", "Content-Type: multipart/mixed; boundary=changesetresponse_1", ""]
    for part in parts:
        lines += ["--changesetresponse_1", "Content-Type: application/http", "", part, ""]
    return "\r\n".join([*lines, "--changesetresponse_1--", "--batchresponse_1--", ""])


def done(etag: str) -> str:
    return f"HTTP/1.1 204 No Content\r\nDataServiceVersion: 3.0;\r\nETag: {etag}\r\n"


def refused(status: int, text: str) -> str:
    told = f'{{"odata.error":{{"code":"X","message":{{"lang":"en-US","value":"{text}"}}}}}}'
    return f"HTTP/1.1 {status} No\r\nContent-Type: application/json\r\n\r\n{told}"


def told(*ops: Op) -> list[str]:
    text = body(URL, "it's", ops, "b").decode()
    assert text.startswith(
        "--batch_b\r\nContent-Type: multipart/mixed; boundary=changeset_b\r\n\r\n"
    )
    assert text.endswith("\r\n--changeset_b--\r\n--batch_b--\r\n")
    return text.split("--changeset_b\r\n")[1:]


def test_a_row_is_named_by_its_keys_whatever_they_hold() -> None:
    [part] = told(Op("upsert", "claim|a'é", {}))
    assert f"PUT {URL}(PartitionKey='it%27%27s',RowKey='claim%7Ca%27%27%C3%A9') HTTP/1.1" in part
    assert '"RowKey": "claim|a\'\\u00e9"' in part
    assert "If-Match" not in part


def test_a_change_of_what_was_read_says_which_version_that_was() -> None:
    replaced, deleted, anyway = told(
        Op("replace", "a", {}, 'W/"1"'), Op("delete", "b", etag='W/"2"'), Op("delete", "c")
    )
    assert 'If-Match: W/"1"\r\n' in replaced
    assert 'If-Match: W/"2"\r\n' in deleted
    assert "If-Match: *\r\n" in anyway
    assert deleted.startswith("Content-Type: application/http")
    assert f"DELETE {URL}(" in deleted


def test_a_new_row_is_posted_and_not_sent_back() -> None:
    [part] = told(Op("insert", "a", {"v": "x\r\n--changeset_b\r\n"}))
    assert f"POST {URL} HTTP/1.1" in part
    assert "Prefer: return-no-content" in part


def test_values_keep_their_types() -> None:
    at = datetime(2026, 11, 23, 13, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    assert typed({"a": 2**31, "b": True, "c": 1, "d": 0.5, "e": at, "f": None, "g": "x"}) == {
        "a": "2147483648", "a@odata.type": "Edm.Int64", "b": True, "c": 1,
        "d": 0.5, "d@odata.type": "Edm.Double", "e": "2026-11-23T12:00:00.000005Z",
        "e@odata.type": "Edm.DateTime", "g": "x",
    }  # fmt: skip
    with pytest.raises(TypeError, match="h: an entity holds no list"):
        typed({"h": []})
    assert typed({"e": datetime(2026, 1, 1, tzinfo=UTC)})["e"] == "2026-01-01T00:00:00.000000Z"


def test_the_etags_come_in_the_order_of_the_changes() -> None:
    deleted = "HTTP/1.1 204 No Content\r\nDataServiceVersion: 3.0;\r\n"
    text = answered(done('W/"1"'), deleted, done("W/\"datetime'2026'\""))
    assert etags(text, 3) == ['W/"1"', "", "W/\"datetime'2026'\""]


@pytest.mark.parametrize("status", [404, 409, 412])
def test_a_condition_that_did_not_hold_is_told_apart(status: int) -> None:
    with pytest.raises(TableConflictError, match="2:The update condition"):
        etags(answered(refused(status, r"2:The update condition\nRequestId:7")), 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (answered(refused(413, "too large")), "413: too large"),
        (answered(refused(500, "it failed")), "500: it failed"),
        (answered(done('W/"1"')), "1 of 2 changes"),
        ("<html>", "0 of 2 changes"),
        ("", "0 of 2 changes"),
    ],
)
def test_whatever_else_came_is_no_success(text: str, why: str) -> None:
    with pytest.raises(StorageError, match=why):
        etags(text, 2)
