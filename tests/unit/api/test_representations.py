"""How an answer travels: known by its ETag, small where that is asked for."""

import gzip
import json

import pytest

from shared.api.http.representations import Representation, representation, takes_gzip
from shared.api.http.versions import etag, version_of
from shared.api.http.web import Request, Response
from tests.support.callers.callers import ANNA

VERSION = "W/\"datetime'2026-11-23T12%3A00%3A00.123Z'\""


def sent(response: Response, method: str = "GET", **headers: str) -> Representation:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return representation(
        Request(method, "https://app.example/api/", told, {}, {}, caller=ANNA), response
    )


def shown(**body: object) -> Response:
    return Response(200, body, {"ETag": etag(VERSION), "Retry-After": "5"})


def test_whoever_has_it_already_is_sent_nothing() -> None:
    first = sent(shown(step=1))
    again = sent(shown(step=1), if_none_match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Retry-After"] == "5"
    assert "Content-Type" not in again.headers


def test_whatever_is_shown_otherwise_has_another_etag() -> None:
    tag = sent(shown(step=1)).headers["ETag"]
    assert sent(shown(step=2), if_none_match=tag).status == 200


def test_what_is_read_names_the_version_that_orders_are_given_on() -> None:
    """The drain has moved on, and nobody has given an order."""
    one, two = sent(shown(step=1)).headers["ETag"], sent(shown(step=2)).headers["ETag"]
    assert one != two
    assert version_of(one) == version_of(two) == version_of(etag(VERSION)) == VERSION


@pytest.mark.parametrize(
    ("told", "status"),
    [("*", 304), ('"x", {tag}', 304), ("{strong}", 304), ('"x"', 200), ("", 200), ("garbage", 200)],
)
def test_etags_are_compared_weakly_one_by_one(told: str, status: int) -> None:
    tag = sent(shown()).headers["ETag"]
    header = told.replace("{tag}", tag).replace("{strong}", tag.removeprefix("W/"))
    assert sent(shown(), if_none_match=header).status == status


def test_an_etag_of_a_list_names_no_version() -> None:
    tag = sent(Response(200, {"value": []})).headers["ETag"]
    assert tag.startswith('W/"')
    assert version_of(tag) not in ("*", VERSION)


@pytest.mark.parametrize(("method", "status"), [("POST", 200), ("GET", 404), ("GET", 202)])
def test_only_what_is_read_and_there_is_compared(method: str, status: int) -> None:
    found = sent(Response(status, {}), method, if_none_match="*")
    assert found.status == status


LARGE = Response(200, {"value": ["a host"] * 1000})


def test_what_is_large_is_compressed_for_who_takes_it() -> None:
    found = sent(LARGE, accept_encoding="br, gzip;q=0.5")
    assert found.headers["Content-Encoding"] == "gzip"
    assert found.headers["Vary"] == "Accept-Encoding"
    assert json.loads(gzip.decompress(found.body)) == LARGE.body
    assert len(found.body) * 10 < len(LARGE.text)


def test_nobody_else_is_sent_what_is_compressed() -> None:
    assert sent(LARGE).body.decode() == LARGE.text
    small = sent(Response(200, {}), accept_encoding="gzip")
    assert (small.body, "Content-Encoding" in small.headers) == (b"{}", False)


def test_it_is_the_same_for_who_takes_it_compressed_and_who_does_not() -> None:
    plain, small = sent(LARGE).headers["ETag"], sent(LARGE, accept_encoding="gzip").headers["ETag"]
    assert plain == small


@pytest.mark.parametrize(
    ("told", "takes"),
    [
        ("gzip", True), ("GZIP, deflate, br", True), ("*", True), ("gzip;q=0.001", True),
        ("gzip;q=0", False), ("*;q=0", False), ("gzip;q=0, *", False), ("identity", False),
        ("", False), ("gzip;q=x", False), ("br", False),
    ],
)  # fmt: skip
def test_who_takes_gzip(told: str, takes: bool) -> None:
    assert takes_gzip(told) is takes
