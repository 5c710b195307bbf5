"""Words that cannot be meant, and answers that the app does not give: a sentence and an exit code, and no trace."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.client import Answer, _read
from cli.errors import CommandError, Exit
from cli.signin import target
from tests.support.callers.canned_app import FakeApp, canned, drain, run


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApp]:
    with canned(monkeypatch) as made:
        yield made


START = ("start", "/x/hostPools/hp", "avd-1", "--reason", "r")
DRAINS = "POST /api/drains"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((*START, "--policy", ""), "policy is empty"),
        ((*START, "--key", " "), "key is empty"),
        ((*START, "--maintenance", ""), "maintenance is empty"),
        (("watch", "--campaign", ""), "campaign is empty"),
        (("claims", "--pool", ""), "pool is empty"),
        (("show", ""), "id is empty"),
        (("release", "d1", "avd-1", ""), "hosts is empty"),
        (("show", "\udcff"), "id holds bytes that are no text"),
        ((*START, "--key", "€"), "--key holds characters"),
        (("cancel", "d1", "--etag", "a\nb"), "--etag holds characters"),
        ((*START, "--policy", '{"deadline": "PT1H", "deadline": "PT9H"}'), "deadline stands there twice"),
        ((*START, "--policy", '{"a":' * 100_000), "nested too deep"),
        (("watch", "d1", "--every", "inf"), "--every"),
        (("list", "--query", "@[::0]"), "--query"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_bad_use_and_is_not_sent(
    app: FakeApp, words: tuple[str, ...], told: str
) -> None:
    """An option whose variable a script did not set would else be left out without a word."""
    app.lay("GET /api/drains", 200, {"value": []})
    result = run(*words)
    assert (result.exit_code, told in result.stderr) == (2, True), result.stderr
    assert not [what for what, *_ in app.asked if what.startswith("POST")]


@pytest.mark.parametrize("url", ["https://a..b", "https://a b", "https://a\u2028b"])
def test_an_address_that_cannot_be_asked_is_bad_use(url: str) -> None:
    with pytest.raises(CommandError) as refused:
        target(url, None)
    assert refused.value.code is Exit.BAD_USE


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_windows_wrote_is_read(app: FakeApp, tmp_path: Path, encoding: str) -> None:
    app.lay(DRAINS, 202, drain())
    told = {"hostPool": "/x", "hosts": ["a"], "reason": "für später"}
    file = tmp_path / "request.json"
    file.write_bytes(
        json.dumps(told, ensure_ascii=False, indent=1).replace("\n", "\r\n").encode(encoding)
    )
    assert run("start", "--file", str(file)).exit_code == 0
    assert app.asked[-1][2] == told


@pytest.mark.parametrize("status", ["Thinking", ""])
def test_a_status_that_is_not_known_is_not_well_and_is_not_waited_for(
    app: FakeApp, status: str
) -> None:
    app.lay_drain(drain(status))
    app.lay(DRAINS, 202, drain(status))
    for words in (("show", "d1", "--check"), ("watch", "d1"), (*START, "--wait")):
        result = run(*words)
        assert result.exit_code == 4, words
        assert f"the status '{status}'" in result.stderr


def test_a_run_in_a_state_that_is_not_known_is_not_waited_for(app: FakeApp) -> None:
    ran = {
        "at": "2026-01-02T03:04:05Z",
        "state": "pondering",
        "drains": [],
        "campaign": "",
        "text": "",
    }
    app.lay("POST /api/schedules/n/run", 202, ran)
    app.lay("GET /api/schedules/n/runs", 200, {"value": [ran]})
    assert run("run", "n", "--wait").exit_code == 4


def test_a_finding_of_a_kind_that_is_not_known_is_not_well(app: FakeApp) -> None:
    app.lay("GET /api/doctor", 200, {"status": "dire", "findings": [], "hostPoolsLeft": 0})
    assert run("doctor").exit_code == 5


@pytest.mark.parametrize("kind", ["text/html", "text/plain; charset=utf-8"])
def test_a_page_to_sign_in_at_is_no_report(app: FakeApp, kind: str) -> None:
    app.lay("GET /api/schedules/n/report", 200, "<html>sign in", Content_Type=kind)
    result = run("report", "n")
    assert (result.exit_code, result.stdout) == (4, "")


@pytest.mark.parametrize("after", ["/api/drains?again", "http://[::1/api/drains"])
def test_pages_that_lead_nowhere_end_with_a_sentence(app: FakeApp, after: str) -> None:
    app.lay("GET /api/drains", 200, {"value": [], "nextLink": after})
    result = run("list")
    assert result.exit_code == 4
    assert "a shape that this version does not know" in result.stderr


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "soon"])
def test_a_pause_that_is_no_time_is_the_usual_one(text: str) -> None:
    assert Answer(202, {}, {"retry-after": text}).pause(3.0) == 3.0


@pytest.mark.parametrize("status", [200, 502])
def test_an_answer_that_breaks_off_is_not_taken(app: FakeApp, status: int) -> None:
    app.lay("GET /api/drains", status, {"value": []}, Content_Length="5000", Connection="close")
    result = run("list")
    assert (result.exit_code, "is not reachable" in result.stderr) == (4, True), result.stderr


def test_an_answer_nested_without_end_is_broken() -> None:
    with pytest.raises(CommandError) as refused:
        _read(200, {"Content-Type": "application/json"}, b"[" * 100_000)
    assert refused.value.code is Exit.UNREACHABLE
