"""Campaigns and runs of schedules from the command line: what is sent, what is printed, how it ends."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.callers.canned_app import FakeApp, canned, drain, run

AT = "2026-01-02T03:04:05.000Z"
WAVES = {"reason": "patches", "waves": [{"name": "first", "drains": []}]}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApp]:
    monkeypatch.setattr("cli.waiting._PAUSE", 0.01)
    with canned(monkeypatch) as made:
        yield made


def campaign(status: str = "Running", *drains: str, **more: Any) -> dict[str, Any]:
    slots = [{"drain": id_, "hostPool": "/x/hostPools/hp", "status": status} for id_ in drains]
    return {"id": "c1", "status": status, "reason": "patches", "askedAt": AT, "stopped": None,
            "waves": [{"name": "first", "drains": slots}], "history": [], **more}  # fmt: skip


def a_run(state: str = "starting", *drains: str, **more: Any) -> dict[str, Any]:
    return {"at": AT, "state": state, "text": None, "drains": list(drains), "campaign": None,
            "hasReport": False, "reportTaken": None, **more}  # fmt: skip


def plan_of(*users: str, held: str | None = None) -> dict[str, Any]:
    hosts = [{"name": f"avd-{n}", "users": [user]} for n, user in enumerate(users)]
    return {"hostPool": "/x/hostPools/hp", "refused": [],
            "plan": {"hosts": hosts, "heldBy": held, "expectedEnd": None}}  # fmt: skip


REFUSED = {"hostPool": "/x/hostPools/hq", "refused": ["no such pool"], "plan": None}


@pytest.mark.parametrize("order", ["pause", "resume", "cancel"])
def test_an_order_to_a_campaign_is_given_on_the_version_that_was_read(
    app: FakeApp, order: str
) -> None:
    app.lay("GET /api/campaigns/c1", 200, campaign(), ETag='"7"')
    app.lay(f"POST /api/campaigns/c1/{order}", 200, campaign("Running"))
    result = run(order, "--campaign", "c1", "--reason", "freeze")
    assert result.exit_code == 0, result.output
    _, (what, headers, body) = app.asked
    assert what == f"POST /api/campaigns/c1/{order}"
    assert headers["if-match"] == '"7"'
    assert body == {"reason": "freeze"}
    assert "c1" in result.stdout


def test_an_order_to_a_campaign_on_a_version_of_old_is_refused(app: FakeApp) -> None:
    error = {"code": "ConditionNotMet", "message": "somebody else gave an order"}
    app.lay("POST /api/campaigns/c1/cancel", 412, {"error": error})
    result = run("cancel", "--campaign", "c1", "--etag", '"1"')
    assert (result.exit_code, "ConditionNotMet" in result.stderr) == (3, True)
    [(_, headers, _)] = app.asked
    assert headers["if-match"] == '"1"'


@pytest.mark.parametrize(
    "words",
    [
        ("pause",),
        ("cancel", "d1", "--campaign", "c1"),
        ("pause", "--campaign", "c1", "--run-clocks"),
        ("run", "nightly", "--dry-run", "--wait"),
        ("run",),
    ],
)
def test_bad_use_is_said_before_anything_is_asked(app: FakeApp, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
    assert app.asked == []


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "campaign.json"
    path.write_text(json.dumps(WAVES), encoding="utf-8")
    return str(path)


def test_a_file_with_waves_is_a_campaign(app: FakeApp, file: str) -> None:
    app.lay("POST /api/campaigns", 202, campaign("NotStarted"))
    result = run("start", "--file", file, "--reason", "tonight", "--key", "k")
    assert result.exit_code == 0, result.output
    [(_, headers, body)] = app.asked
    assert headers["idempotency-key"] == "k"
    assert body == {**WAVES, "reason": "tonight"}
    assert run("start", "/x/hostPools/hp", "--file", file).exit_code == 2


def test_what_a_campaign_would_do_is_a_line_a_drain(app: FakeApp, file: str) -> None:
    waves = [{"name": "first", "drains": [plan_of("ada", "bo", held="a freeze"), REFUSED]}]
    app.lay("POST /api/campaigns", 200, {"reason": "patches", "waves": waves})
    result = run("plan", "--file", file)
    assert result.exit_code == 0, result.output
    assert app.queries == [("POST /api/campaigns", {"dryRun": "true"})]
    _, _, first, second = result.stdout.splitlines()
    assert first.split() == ["first", "hp", "2", "2", "held", "back:", "a", "freeze"]
    assert second.split()[:3] == ["first", "hq", "refused"]
    assert "no such pool" in second


@pytest.mark.parametrize(
    ("end", "last", "code"),
    [
        (campaign("Succeeded", "d1"), drain("Succeeded"), 0),
        (campaign("Succeeded", "d1"), drain("Succeeded", attention=["avd-1: left"]), 5),
        (campaign("Failed", "d1", stopped="a drain failed"), drain("Failed"), 1),
        (campaign("Canceled"), drain(), 1),
    ],
)
def test_a_campaign_that_is_waited_for_is_judged(
    app: FakeApp, file: str, end: dict[str, Any], last: dict[str, Any], code: int
) -> None:
    app.lay("POST /api/campaigns", 202, campaign("NotStarted"))
    for each in (campaign("NotStarted"), campaign("Running"), end):
        app.lay("GET /api/campaigns/c1", 200, each)
    app.lay_drain(last)
    result = run("start", "--file", file, "--wait")
    assert result.exit_code == code, result.output
    for text in (*last["attention"], *filter(None, [end["stopped"]])):
        assert text in result.stderr


def test_a_schedule_is_run_once_however_often_it_is_asked_for(app: FakeApp) -> None:
    app.lay("POST /api/schedules/nightly/run", 503, {})
    app.lay("POST /api/schedules/nightly/run", 202, a_run())
    result = run("run", "nightly")
    assert result.exit_code == 0, result.output
    (_, first, _), (_, second, _) = app.asked
    assert first["idempotency-key"] == second["idempotency-key"]
    assert "starting" in result.stdout


def test_where_no_answer_came_the_key_to_ask_again_with_is_told(app: FakeApp) -> None:
    app.lay("POST /api/schedules/nightly/run", 503, {})
    result = run("run", "nightly", "--key", "tonight")
    assert result.exit_code == 4
    assert "the same run: --key tonight" in result.stderr


@pytest.mark.parametrize(
    ("end", "last", "code", "tells"),
    [
        (a_run("ended", "d1"), drain("Succeeded"), 0, ""),
        (a_run("ended", "d1"), drain("Failed"), 1, "the drain is Failed"),
        (a_run("refused", text="no such pool"), drain(), 1, "was refused: no such pool"),
    ],
)
def test_a_run_that_is_waited_for_is_judged_by_its_drains(
    app: FakeApp, end: dict[str, Any], last: dict[str, Any], code: int, tells: str
) -> None:
    app.lay("POST /api/schedules/nightly/run", 202, a_run())
    other = {**a_run("ended"), "at": "2026-01-01T00:00:00.000Z"}
    for each in (a_run(), a_run("running"), end):
        app.lay("GET /api/schedules/nightly/runs", 200, {"value": [other, each]})
    app.lay_drain(last)
    result = run("run", "nightly", "--wait", "-o", "json")
    assert result.exit_code == code, result.output
    assert json.loads(result.stdout) == end
    assert tells in result.stderr


def test_a_run_of_a_campaign_is_judged_by_the_campaign(app: FakeApp) -> None:
    app.lay("POST /api/schedules/nightly/run", 202, a_run())
    ended = a_run("ended", campaign="c1")
    app.lay("GET /api/schedules/nightly/runs", 200, {"value": [ended]})
    app.lay("GET /api/campaigns/c1", 200, campaign("Failed", stopped="too many failed"))
    result = run("run", "nightly", "--wait")
    assert result.exit_code == 1
    assert "the campaign is Failed: too many failed" in result.stderr


@pytest.mark.parametrize(("faults", "code"), [([], 0), (["drain.hosts: no host"], 3)])
def test_what_a_run_would_do_is_told_and_what_would_keep_it(
    app: FakeApp, faults: list[str], code: int
) -> None:
    app.lay("POST /api/schedules/nightly/run", 200, {
        "name": "nightly", "faults": faults, "warnings": ["the pool is busy"],
        "drains": [plan_of("ada"), REFUSED],
    })  # fmt: skip
    result = run("run", "nightly", "--dry-run")
    assert result.exit_code == code, result.output
    assert app.queries == [("POST /api/schedules/nightly/run", {"dryRun": "true"})]
    assert "warning: the pool is busy" in result.stderr
    assert ("it would be refused: drain.hosts: no host" in result.stderr) is bool(faults)
    assert "no such pool" in result.stdout


def test_a_plan_tells_of_each_host_when_it_is_expected_back(app: FakeApp) -> None:
    end = {"at": AT, "earliest": AT, "latest": AT, "basis": "past", "observations": 9,
           "because": "from what this pool did before"}  # fmt: skip
    host = {"name": "avd-1", "batch": 1, "users": [], "outFrom": AT, "backBy": None,
            "cannotGo": None}  # fmt: skip
    told = {"hosts": [{**host, "expectedEnd": end},
                      {**host, "name": "avd-2", "expectedEnd": {**end, "at": None}},
                      {**host, "name": "avd-3"}],
            "heldBy": None, "excluded": [], "missingRights": [], "expectedEnd": end}  # fmt: skip
    app.lay("POST /api/drains", 200, told)
    result = run("plan", "/x/hostPools/hp", "--all", "--reason", "x", "-o", "table")
    assert result.exit_code == 0, result.output
    title, _, first, second, third = result.stdout.splitlines()
    assert "expected back" in title
    assert first.count("2026-01-02 03:04Z") == 2
    assert second.split()[-1] == "unknown"
    assert third.count("2026-01-02 03:04Z") == 1


@pytest.mark.parametrize(
    ("floor", "line"),
    [
        (4, "4 of 8 hosts of the pool take users, the policy keeps 4"),
        (None, "4 of 8 hosts of the pool take users"),
    ],
)
def test_a_drain_is_shown_with_how_its_pool_stands(
    app: FakeApp, floor: int | None, line: str
) -> None:
    now = {"at": AT, "available": 4, "hosts": 8, "floor": floor, "because": "x"}
    app.lay_drain(drain(availability=now))
    assert line in run("show", "d1").stderr.splitlines()
