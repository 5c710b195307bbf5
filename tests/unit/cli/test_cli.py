"""The command line against an app of a few canned answers: what it sends, prints, and exits with."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli.client import Client
from cli.errors import Exit
from cli.following import named
from cli.main import _commands
from cli.options import Session
from cli.screen.output import Format, Output
from cli.screen.picture import picture
from cli.screen.text import clean
from cli.signin import target
from cli.waiting import watch
from tests.support.callers.canned_app import FakeApp, canned, drain, host, run

ESC = "\x1b[2J"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApp]:
    with canned(monkeypatch) as made:
        yield made


START = ("start", "/x/hostPools/hp", "avd-1", "--reason", "patches", "--maintenance", "none")


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (drain("Succeeded"), 0),
        (drain("Failed"), 1),
        (drain("Canceled", attention=["avd-1: left drained"]), 1),
        (drain("Succeeded", attention=["avd-1: left drained"]), 5),
    ],
)
def test_a_start_that_waits_asks_the_monitor_and_tells_the_end(
    app: FakeApp, end: dict[str, Any], code: int
) -> None:
    monitor = "https://elsewhere.example/api/operations/d1"
    pause = {"Operation_Location": monitor, "Retry_After": "0"}
    app.lay("POST /api/drains", 202, drain("NotStarted"), **pause)
    app.lay("GET /api/operations/d1", 200, {"id": "d1", "status": "Running"}, Retry_After="0")
    app.lay("GET /api/operations/d1", 200, {"id": "d1", "status": end["status"]})
    app.lay_drain(end)

    result = run(*START, "--wait")

    assert result.exit_code == code, result.output
    assert [what for what, *_ in app.asked].count("GET /api/operations/d1") == 2
    for line in end["attention"]:
        assert line in result.stderr


def test_who_waits_bears_an_app_that_is_away_for_a_while(app: FakeApp) -> None:
    app.lay("POST /api/drains", 202, drain("NotStarted"), Retry_After="0")
    for _ in range(6):
        app.lay("GET /api/operations/d1", 502, {})
    app.lay("GET /api/operations/d1", 200, {"id": "d1", "status": "Succeeded"})
    app.lay_drain(drain("Succeeded"))
    assert run(*START, "--wait").exit_code == 0


def test_who_watches_reads_hosts_only_when_the_drain_has_moved(
    app: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    app.lay_drain(drain("Running", host(phase="draining")), ETag='W/"v.1"')
    app.lay("GET /api/drains/d1", 304, {}, ETag='W/"v.1"')
    app.lay_drain(drain("Succeeded"), ETag='W/"v.2"')
    slept: list[float] = []
    session = Session(Client(target(app.url, None), slept.append), Output(Format.table, None))

    [ended] = watch(session, named(["d1"]), 3.0, several=False)
    assert ended["status"] == "Succeeded"

    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == [
        "draining", "d1", "done", "d1"]  # fmt: skip
    assert slept == [3.0, 3.0]
    assert [what for what, *_ in app.asked].count("GET /api/drains/d1/hosts") == 2
    sent = [told.get("if-none-match") for what, told, _ in app.asked if not what.endswith("hosts")]
    assert sent == [None, 'W/"v.1"', 'W/"v.1"']


def test_only_hosts_that_are_asked_for_are_shown(app: FakeApp) -> None:
    app.lay_drain(drain())
    result = run("show", "d1", "--phase", "empty", "--phase", "failed", "--attention")
    assert result.exit_code == 0, result.output
    wanted = "phase in ('empty', 'failed') and attention ne null"
    assert app.queries == [("GET /api/drains/d1/hosts", {"$filter": wanted, "$top": "200"})]


def test_where_not_all_who_need_a_person_are_named_it_says_how_to_see_them(app: FakeApp) -> None:
    app.lay_drain(drain("Running", attention=["avd-1: not well"], attentionCount=31))
    result = run("show", "d1", "--check")
    assert result.exit_code == 5
    assert result.stderr.splitlines()[2:] == [
        "! avd-1: not well",
        "! and 30 more hosts: avd-drain show d1 --attention",
    ]


def test_a_policy_is_shown_as_a_whole(app: FakeApp) -> None:
    app.lay("GET /api/drains/d1/policy", 200, {"id": "d1", "policy": {"maxUnavailable": "25%"}})
    assert json.loads(run("policy", "d1", "-o", "json").stdout) == {"maxUnavailable": "25%"}
    assert run("policy", "d1").stdout.splitlines()[-1].split() == ["maxUnavailable", "25%"]


def test_a_page_that_is_not_the_apps_is_told_apart(app: FakeApp) -> None:
    app.lay("GET /api/drains", 200, "<html>", Content_Type="text/html")
    result = run("list")
    assert result.exit_code == 4
    assert "is not the app" in result.stderr


def test_every_command_and_every_exit_code_is_on_its_page() -> None:
    page = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
    for made in _commands.registered_commands:
        assert page.count(f"\navd-drain {made.name}") >= 2, made.name
    for code in Exit:
        assert f"\n| {code.value} | " in page


def test_a_start_whose_answer_was_lost_is_repeated_with_the_same_key(app: FakeApp) -> None:
    app.lay("POST /api/drains", 503, {})
    app.lay("POST /api/drains", 202, drain())

    assert run(*START).exit_code == 0

    (_, first, body), (_, second, again) = app.asked
    assert first["idempotency-key"] == second["idempotency-key"]
    assert body == again
    assert body["policy"] == {"maintenance": {"kind": "none"}}


def test_where_no_answer_came_the_key_to_ask_again_with_is_told(app: FakeApp) -> None:
    app.lay("POST /api/drains", 503, {})

    result = run(*START, "--key", "tonight")

    assert result.exit_code == 4
    assert "--key tonight" in result.stderr


def test_a_plan_tells_who_is_left_out_and_which_right_is_missing(app: FakeApp) -> None:
    planned = {"name": "avd-1", "batch": 1, "users": ["ada"], "outFrom": None, "backBy": None,
               "cannotGo": None}  # fmt: skip
    app.lay("POST /api/drains", 200, {
        "hosts": [planned], "heldBy": "a freeze",
        "excluded": [
            {"name": "avd-2.contoso.example", "code": "Tag", "text": "has the tag"},
            {"name": "avd-3.contoso.example", "code": "NotNamed", "text": "it was not named"},
        ],
        "missingRights": [{"action": "vm/restart", "scope": "/x"}],
    })  # fmt: skip
    result = run("plan", *START[1:])
    assert result.exit_code == 0
    assert "avd-1" in result.stdout
    assert result.stderr.splitlines() == [
        "held back: a freeze",
        "left out: avd-2: has the tag",
        "missing right: vm/restart on /x",
    ]


def test_every_fault_of_a_refusal_is_printed(app: FakeApp) -> None:
    faults = [{"code": "UnknownHost", "message": f"no {n}", "target": n} for n in ("a", "b")]
    error = {"code": "InvalidRequest", "message": "2 faults", "details": faults}
    app.lay("POST /api/drains", 400, {"error": error})

    result = run(*START)

    assert result.exit_code == 3
    assert result.stderr.splitlines() == [
        "InvalidRequest: 2 faults",
        "  - UnknownHost [a]: no a",
        "  - UnknownHost [b]: no b",
    ]


def test_an_order_is_given_once_on_the_version_that_was_read(app: FakeApp) -> None:
    app.lay("GET /api/drains/d1", 200, drain(), ETag='"7"')
    app.lay("POST /api/drains/d1/extend", 503, {})

    assert run("extend", "d1", "avd-1", "--by", "PT2H").exit_code == 4

    _, (_, headers, body) = app.asked
    assert headers["if-match"] == '"7"'
    assert body == {"by": "PT2H", "hosts": ["avd-1"]}


@pytest.mark.parametrize("words", [("release", "d1"), ("release", "d1", "avd-1", "--all"),
                                   ("list", "--query", "[?"), ("nonsense",),
                                   ("list", "--url", "http://avd.example"),
                                   ("list", "--url", "https://avd.example?code=x")])  # fmt: skip
def test_bad_use_is_said_before_anything_is_asked(app: FakeApp, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
    assert app.asked == []


def test_a_key_is_never_shown_even_if_it_cannot_be_sent(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVD_DRAIN_KEY", "secret\nkey")
    result = run("list")
    assert result.exit_code == 2
    assert "secret" not in result.output


def test_a_redirect_is_not_followed_for_it_would_take_the_key_along(app: FakeApp) -> None:
    app.lay("GET /api/drains", 302, {}, Location=f"{app.url}/api/elsewhere")
    app.lay("GET /api/elsewhere", 200, {"value": []})
    assert run("list").exit_code == 4
    assert [what for what, *_ in app.asked] == ["GET /api/drains"]


def test_an_app_that_is_away_is_not_reachable(app: FakeApp) -> None:
    assert run("claims", "--url", "http://127.0.0.1:9").exit_code == 4


def test_all_pages_are_read_at_the_address_that_was_given(app: FakeApp) -> None:
    more = "https://elsewhere.example/api/drains?$skipToken=2"
    app.lay("GET /api/drains", 200, {"value": [drain()], "nextLink": more})
    app.lay("GET /api/drains", 200, {"value": [drain("Failed")]})
    result = run("list", "-o", "json", "--query", "[].status")
    assert json.loads(result.stdout) == ["Running", "Failed"]


@pytest.mark.parametrize("form", ["json", "yaml", "table"])
def test_what_a_name_holds_cannot_speak_to_the_terminal(app: FakeApp, form: str) -> None:
    wicked = drain(reason=f"a{ESC}[red]b\u202e\x9b", hosts=[host(f"h{ESC}\x07")])
    app.lay("GET /api/drains", 200, {"value": [wicked]})
    app.lay_drain(wicked)
    printed = run("list", "-o", form).stdout + run("show", "d1", "-o", form).stdout
    assert not set(printed) & {"\x1b", "\x07", "\u202e", "\x9b"}
    assert "[red]b" in printed


def test_clean_leaves_letters_of_every_language() -> None:
    assert clean("Müller\r\n日本 \x1b[0m") == "Müller 日本 [0m"


def test_a_big_drain_fits_a_small_screen_with_what_wants_a_person_first() -> None:
    """The domain is left out, ended hosts are a count, and long texts do not wrap."""
    domain = "contoso-virtual-desktops.example"
    hosts = [host(f"hp/avd-{n}.{domain}", "queued") for n in range(40)]
    hosts += [host(f"hp/old-{n}.{domain}") for n in range(30)]
    hosts.append(host(f"hp/out-1.{domain}", "draining", sessions=3,
                      waitsFor={"code": "Users", "text": "waits for users " * 9}))  # fmt: skip
    hosts.append(host(f"hp/bad-1.{domain}", "failed", attention="left drained"))
    console = Console(width=80, height=24, record=True, force_terminal=True, file=StringIO())
    console.print(picture([drain("Running", *hosts)], 23, 80))
    lines = console.export_text().splitlines()
    assert len(lines) <= 23
    assert all(len(line) <= 80 for line in lines)
    assert lines[3].startswith("bad-1")
    assert lines[4].startswith("out-1")
    assert lines[-1] == "ended: 30 done"
    assert domain not in "\n".join(lines)


def told_by_the_doctor(status: str, **more: Any) -> dict[str, Any]:
    about = "/subscriptions/s/resourceGroups/rg/providers/x/hostPools/hp-finance"
    finding = {"code": "c", "severity": status, "about": about, "text": "so it is",
               "whatToDo": "mend it"}  # fmt: skip
    return {"status": status, "findings": [finding], "hostPools": [], "hostPoolsLeft": 0, **more}


@pytest.mark.parametrize(
    ("status", "code"), [("ok", 0), ("warning", 0), ("error", 1), ("unknown", 5)]
)
def test_the_doctor_says_what_is_to_be_done_and_by_its_exit_code_how_bad_it_is(
    app: FakeApp, status: str, code: int
) -> None:
    app.lay("GET /api/doctor", 200, told_by_the_doctor(status))
    result = run("doctor")
    assert result.exit_code == code
    for word in (status, "hostPools/hp-finance", "so it is", "mend it"):
        assert word in result.stdout


def test_the_doctor_says_which_pools_it_left(app: FakeApp) -> None:
    app.lay("GET /api/doctor", 200, told_by_the_doctor("ok", hostPoolsLeft=4))
    assert "4 host pools were not looked at" in run("doctor").stderr
