"""The command line as people and scripts use it: several drains, empty lists, pipes, odd answers, odd terminals."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli import main
from cli.client import Client
from cli.following import Following, named, of_campaign, running
from cli.options import Session
from cli.screen.output import Format, Output
from cli.screen.picture import picture
from cli.signin import target
from cli.waiting import watch
from tests.support.callers.canned_app import FakeApp, canned, drain, host, run

ROOT = Path(__file__).parents[3]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApp]:
    with canned(monkeypatch) as made:
        yield made


def session(app: FakeApp, notes: list[str] | None = None) -> Session:
    client = Client(target(app.url, None), lambda _: None, (notes or []).append)
    return Session(client, Output(Format.table, None))


def process(*words: str, **environ: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words],
        cwd=ROOT, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def campaign(status: str, *ids: str | None, said: tuple[str, ...] = ()) -> dict[str, Any]:
    slots = [{"drain": id_, "hostPool": "/x/hp", "status": "Running", "text": None} for id_ in ids]
    return {"id": "c1", "status": status, "waves": [{"name": "all", "drains": slots}],
            "history": [{"at": None, "what": what} for what in said]}  # fmt: skip


def test_the_drains_of_a_campaign_are_followed_as_they_begin_and_its_history_is_told_once(
    app: FakeApp,
) -> None:
    app.lay("GET /api/campaigns/c1", 200, campaign("Running", None))
    app.lay("GET /api/campaigns/c1", 200, campaign("Running", "d1", said=("started d1",)))
    app.lay("GET /api/campaigns/c1", 200, campaign("Failed", "d1", said=("started d1", "Failed")))
    app.lay_drain(drain("Failed", host(phase="failed")))
    client = session(app).client
    following = Following(client, of_campaign(client, "c1"), None)

    seen = [following.look(), following.look()]
    assert not following.is_over, "another drain may come"
    seen.append(following.look())

    assert [len(drains) for drains, _ in seen] == [0, 1, 1]
    assert [notes for _, notes in seen] == [
        [], ["campaign: started d1"], ["campaign: Failed"]]  # fmt: skip
    assert following.is_over
    assert [what for what, *_ in app.asked].count("GET /api/drains/d1") == 1, "what ended stays so"


def test_without_a_name_all_that_run_are_watched_until_none_does(
    app: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    app.lay("GET /api/drains", 200, {"value": [drain()]})
    app.lay_drain(drain("Running", host(phase="draining")))
    app.lay_drain(drain("Succeeded"))
    known = session(app)
    [ended] = watch(known, running(known.client), 1.0, several=True)
    assert ended["status"] == "Succeeded"
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1:4] for line in lines] == [
        ["hp", "avd-1", "draining"], ["hp", "drain", "d1"],
        ["hp", "avd-1", "done"], ["hp", "drain", "d1"],
    ]  # fmt: skip


def test_where_none_runs_that_is_said(app: FakeApp) -> None:
    app.lay("GET /api/drains", 200, {"value": []})
    result = run("watch")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "no drain runs\n"


def test_one_of_several_that_failed_is_told_by_its_name_and_by_the_exit_code(app: FakeApp) -> None:
    app.lay_drain(drain("Succeeded"))
    app.lay("GET /api/drains/d2", 200, {**drain("Failed"), "id": "d2"})
    app.lay("GET /api/drains/d2/hosts", 200, {"value": [host(phase="failed")]})
    result = run("watch", "d1", "d2", "d1")
    assert (result.exit_code, result.stderr) == (1, "d2 is Failed\n")


def test_drains_and_a_campaign_together_are_bad_use(app: FakeApp) -> None:
    assert run("watch", "d1", "--campaign", "c1").exit_code == 2
    assert app.asked == []


@pytest.mark.parametrize("number", [2, 3, 9])
def test_several_drains_share_a_small_screen_and_what_ended_badly_is_named(number: int) -> None:
    def one(n: int, status: str, phase: str) -> dict[str, Any]:
        hosts = [host(f"hp/avd-{n}-{k}.contoso.example", phase) for k in range(30)]
        return {**drain(status, *hosts), "id": f"hp-{n}", "hostPool": f"/x/hostPools/hp-{n}"}

    drains = [one(n, "Running", "draining") for n in range(number)]
    drains += [one(100 + n, "Succeeded", "done") for n in range(8)] + [one(200, "Failed", "failed")]
    console = Console(width=80, height=24, record=True, force_terminal=True, file=StringIO())
    console.print(picture(drains, 23, 80))
    text = console.export_text()
    assert len(text.splitlines()) <= 23
    assert "hp-200: Failed" in text
    assert "and 4 Succeeded" in text
    assert "avd-0-0  " in text
    for n in range(number):
        assert f"hp-{n}" in text, "each that runs is named"


def test_an_empty_list_says_so_to_a_person_and_nothing_to_a_script(app: FakeApp) -> None:
    for what in ("drains", "claims", "schedules", "campaigns", "notifications"):
        app.lay(f"GET /api/{what}", 200, {"value": []})
    for command in ("list", "claims", "schedules", "campaigns", "notifications"):
        told = run(command)
        assert (told.exit_code, told.stdout) == (0, ""), command
        assert len(told.stderr.splitlines()) == 1, command
        assert json.loads(run(command, "-o", "json").stdout) in ([], {"value": []})
        assert run(command, "-o", "json").stderr == ""


def test_a_single_fault_is_told_once_and_its_target_once(app: FakeApp) -> None:
    fault = {"code": "InvalidValue", "target": "by", "message": "by: expected a duration"}
    app.lay("GET /api/drains/d1", 200, drain(), ETag='"7"')
    app.lay("POST /api/drains/d1/extend", 400, {"error": {**fault, "details": [fault]}})
    result = run("extend", "d1", "avd-1")
    assert (result.exit_code, result.stderr) == (3, "InvalidValue: by: expected a duration\n")


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "no key or sign-in"), (403, "not let in"), (404, "is --url the address"), (418, "418")],
)
def test_a_refusal_of_the_platform_has_no_words_and_gets_some(
    app: FakeApp, status: int, says: str
) -> None:
    app.lay("GET /api/drains", status, "", Content_Type="text/plain")
    result = run("list")
    assert result.exit_code == 3
    assert says in result.stderr


def test_who_waits_for_an_app_that_is_busy_is_told_why(app: FakeApp) -> None:
    app.lay("GET /api/drains", 429, "", Content_Type="text/plain", Retry_After="0")
    app.lay("GET /api/drains", 200, {"value": [drain()]})
    result = run("list")
    assert result.exit_code == 0
    assert result.stderr.startswith("the app answered 429; asking again in")


def test_a_limit_that_the_app_tells_in_words_is_not_waited_for(app: FakeApp) -> None:
    full = {"error": {"code": "TooManyOpen", "message": "you have 50 drains"}}
    app.lay("POST /api/drains", 429, full, Retry_After="60")
    result = run("start", "/x/hostPools/hp", "avd-1", "--reason", "patches")
    assert (result.exit_code, result.stderr) == (3, "TooManyOpen: you have 50 drains\n")
    assert len(app.asked) == 1


@pytest.mark.parametrize("path", ["", "/", "/api", "/api/", "/api/board", "/api/drains/d1"])
def test_any_address_of_the_app_will_do(app: FakeApp, path: str) -> None:
    assert target(app.url + path, None).base == app.url
    assert target(f"{app.url}/behind/a/gateway{path}", None).base == f"{app.url}/behind/a/gateway"


def test_no_argument_is_called_by_the_name_of_a_variable() -> None:
    for command in main._commands.registered_commands:
        usage = run(str(command.name), "--help").output.splitlines()[0]
        assert "_" not in usage, usage


def test_fields_that_a_newer_app_tells_are_no_matter(app: FakeApp) -> None:
    newer = drain("Thinking", host(phase="pondering", mood="good"), mood={"is": ["good"]})
    app.lay("GET /api/drains", 200, {"value": [newer], "mood": 1})
    app.lay_drain(newer)
    for words in (("list",), ("show", "d1"), ("list", "-o", "yaml")):
        assert run(*words).exit_code == 0, words
    console = Console(width=80, height=24, record=True, force_terminal=True, file=StringIO())
    console.print(picture([newer], 23, 80))
    assert "pondering" in console.export_text()


@pytest.mark.parametrize("body", [[], {}, {"value": None}, {"value": [{}]}, {"value": [7]}, None])
def test_an_answer_of_another_shape_ends_with_a_sentence(app: FakeApp, body: Any) -> None:
    app.lay("GET /api/drains", 200, body)
    result = run("list")
    assert result.exit_code == 4
    assert "a shape that this version does not know" in result.stderr
    assert "Traceback" not in result.output


def test_a_pipe_gets_whole_lines_without_blanks_at_their_end(app: FakeApp) -> None:
    app.lay("GET /api/drains", 200, {"value": [drain(reason="why " * 120)]})
    head, line, row = run("list").stdout.splitlines()
    assert row.endswith("why why")
    assert not any(each != each.rstrip() for each in (head, line, row))


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "utf-8"])
def test_a_terminal_of_another_code_page_gets_what_it_can_show_and_scripts_get_all(
    app: FakeApp, encoding: str
) -> None:
    app.lay("GET /api/drains", 200, {"value": [drain(reason="日本 Müller → x")]})
    with process("list", PYTHONIOENCODING=encoding) as shown:
        told, said = shown.communicate(timeout=60)
    assert (shown.returncode, said) == (0, b"")
    assert "Running" in told.decode(encoding)
    with process("list", "-o", "json", PYTHONIOENCODING=encoding) as asked:
        told, _ = asked.communicate(timeout=60)
    assert json.loads(told.decode(encoding))[0]["reason"] == "日本 Müller → x"


def test_whoever_stops_reading_gets_no_traceback(app: FakeApp) -> None:
    app.lay("GET /api/drains", 200, {"value": [drain(reason="why " * 100)] * 2000})
    with process("list", "--top", "2000") as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        shown.stdout.readline()
        shown.stdout.close()
        said = shown.stderr.read()
        assert (shown.wait(60), said) == (141, b"")


def test_it_goes_by_its_name_however_it_is_called() -> None:
    told, _ = process("plan", "--help").communicate(timeout=60)
    assert told.decode().startswith("Usage: avd-drain plan")


def test_a_fault_of_its_own_is_not_taken_for_a_drain_that_failed(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr("cli.commands.drains.tables.drains", broken)
    monkeypatch.setattr(sys, "argv", ["avd-drain", "list"])
    app.lay("GET /api/drains", 200, {"value": [drain()]})
    with pytest.raises(SystemExit) as ended:
        main.app()
    assert ended.value.code == 70
    assert "no such thing" in capsys.readouterr().err


EXAMPLES = re.findall(
    r"^avd-drain (?!--)(.+?)(?: {2,}#.*)?$",
    (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_on_the_page_is_a_call_that_can_be_made(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is there to answer; a call that could not be meant would be told sooner."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cli.client._PAUSES", ())
    monkeypatch.setattr("cli.waiting._TIMES", 0)
    Path("policy.json").write_text('{"deadline": "PT1H"}', encoding="utf-8")
    Path("campaign.json").write_text('{"reason": "patches", "waves": []}', encoding="utf-8")
    Path("request.json").write_text(
        '{"hostPool": "/x", "hosts": "all", "reason": "patches"}', encoding="utf-8"
    )
    result = run(*shlex.split(line), "--url", "http://127.0.0.1:9")
    assert result.exit_code == 4, result.output


def test_the_examples_are_there() -> None:
    assert len(EXAMPLES) > 40


def test_the_version_is_told(app: FakeApp) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout.startswith("avd-drain")) == (0, True)
    assert app.asked == []


def test_named_twice_is_watched_once() -> None:
    assert named(["a", "b", "a"])().ids == ["a", "b"]


def test_what_the_command_line_needs_is_installed_for_running_which_shows_drains_by_it() -> None:
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = (ROOT / "requirements-run.in").read_text(encoding="utf-8").split()
    assert needs["dependencies"]
    assert set(needs["dependencies"]) <= set(installed)
