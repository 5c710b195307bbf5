"""The history as it is stored: compact, with fields; and what older versions wrote is still read."""

import json
from datetime import timedelta
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from shared.adapters.storage import entities, records
from shared.core.drain.history.effects import (
    DrainModeSet,
    MessageSent,
    PowerAsked,
    RunCancelled,
    ScriptRemoved,
    ScriptRun,
    TagSet,
    UserSignedOut,
    WebhookCalled,
)
from shared.core.drain.history.facts import (
    Acted,
    Answered,
    Asked,
    Fact,
    FoundRestored,
    Line,
    Moved,
    NeedsAttention,
    NotKnown,
    Ordered,
    StatusChanged,
    StepFailed,
    StepPutAside,
    WatchdogActed,
)
from shared.core.drain.history.history import Entry, sentence
from shared.core.host.actions import PowerAction
from shared.core.host.outcome import Result
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.wire.views.history import EntryView, entry_resource
from tests.support.builders import NOON

YES = Result.ACCEPTED
OLD: list[tuple[str, Fact]] = [
    ("drain of 1 host asked for: all", Asked(1, "all")),
    ("drain of 12 hosts asked for: named: a, b", Asked(12, "named: a, b")),
    ("drain of 12 hosts asked for", Asked(12, "")),
    ("not known at its start: the plans: no", NotKnown("the plans: no")),
    ("NotStarted → Running", StatusChanged(Status.NOT_STARTED, Status.RUNNING)),
    ("Running → Failed", StatusChanged(Status.RUNNING, Status.FAILED)),
    ("queued → draining", Moved(Phase.QUEUED, Phase.DRAINING)),
    ("restoring → done", Moved(Phase.RESTORING, Phase.DONE)),
    ("drain mode on: accepted", Acted(DrainModeSet(False), YES)),
    ("drain mode off: refused: no: never", Acted(DrainModeSet(True), Result.REFUSED, "no: never")),
    ("drain mode on: refused: ", Acted(DrainModeSet(False), Result.REFUSED)),
    ("exclusion tag No scaling set: accepted", Acted(TagSet("No scaling", True), YES)),
    ("exclusion tag X removed: not needed: already gone", Acted(TagSet("X", False), Result.GONE)),
    ("message 2 (de) to anna@x.example: accepted", Acted(MessageSent("anna@x.example", 2, "de"), YES)),
    ("message 1 to C\\bert: refused: accepted", Acted(MessageSent("C\\bert", 1), Result.REFUSED, "accepted")),
    ("sign-out of Anna: accepted", Acted(UserSignedOut("Anna", False), YES)),
    ("forced sign-out of Anna: not tried", Acted(UserSignedOut("Anna", True), Result.NOT_TRIED)),
    ("sign-out of sign-out of: accepted", Acted(UserSignedOut("sign-out of", False), YES)),
    ("restart: not tried: busy", Acted(PowerAsked(PowerAction.RESTART), Result.NOT_TRIED, "busy")),
    ("powerOff: answer lost: outcome unknown", Acted(PowerAsked(PowerAction.POWER_OFF), Result.UNKNOWN)),
    ("script patch it: accepted", Acted(ScriptRun("patch it"), YES)),
    ("its script removed: accepted", Acted(ScriptRemoved(), YES)),
    ("webhook called, time 3: accepted", Acted(WebhookCalled(3), YES)),
    ("its maintenance run cancelled: accepted", Acted(RunCancelled(), YES)),
    ("the webhook answered: succeeded", Answered(True)),
    ("the webhook answered: failed", Answered(False)),
    ("needs attention", NeedsAttention()),
    ("a step failed as nobody foresaw: KeyError; the app's log tells more", StepFailed("KeyError")),
    ("a step failed several times in a row; the app's log tells why", StepPutAside()),
    ("watchdog: setDrainMode accepted", WatchdogActed(DrainModeSet(True), YES)),
    ("watchdog: setTag refused: no", WatchdogActed(TagSet("", False), Result.REFUSED, "no")),
    ("watchdog: it is as it was", FoundRestored()),
    ("cancel asked for", Ordered("cancel")),
    ("pause asked for", Ordered("pause")),
    ("resume asked for", Ordered("resume")),
    ("release of host-1 asked for", Line("release of host-1 asked for")),
    ("queued → nowhere", Line("queued → nowhere")),
    ("exclusion tag set: accepted", Line("exclusion tag set: accepted")),
    ("something: accepted", Line("something: accepted")),
    ("watchdog: power accepted", Line("watchdog: power accepted")),
    ("", Line("")),
]  # fmt: skip


def old(what: str, schema: int = 2, **more: Any) -> Entry:
    """As schema 2 wrote it."""
    record = {"at": "2026-03-10T12:00:00Z", "what": what, "host": "a", "by": "avd-drain", "why": "x",
              "ordered": None, **more}  # fmt: skip
    return records.read(Entry, {"schema": schema, "data": json.dumps(record)})


@pytest.mark.parametrize(("what", "fact"), OLD, ids=[what for what, _ in OLD])
def test_a_sentence_of_an_older_version_is_read_as_the_fact_that_it_told(
    what: str, fact: Fact
) -> None:
    found = old(what)
    assert found.fact == fact
    assert (found.what, found.host, found.why) == (what, "a", "x")


def test_every_kind_of_fact_and_effect_was_a_sentence() -> None:
    facts = {type(fact) for _, fact in OLD}
    effects = {type(fact.effect) for _, fact in OLD if isinstance(fact, Acted)}
    assert facts == set(get_args(Fact))
    assert effects == set(get_args(Acted.__annotations__["effect"]))


def test_an_old_entry_told_in_one_who_acted_and_for_whom() -> None:
    found = old("drain mode on: accepted", by="avd-drain for anna for all")
    assert (found.by, found.asked_by) == ("avd-drain", "anna for all")
    assert found.signed == "avd-drain for anna for all"
    assert (old("queued → draining", by="anna").by, old("x").asked_by) == ("anna", "")


def test_an_old_order_keeps_its_fields_and_gets_its_hosts_names() -> None:
    """A literal row of schema 2."""
    text = (
        '{"at":"2026-03-10T12:00:00Z","what":"extend asked for: Host-1.x, Host-2.x, by PT1H, until '
        '2026-03-10 13:00:00 UTC at the latest","host":"","by":"anna","why":"x","ordered":{"what":"extend",'
        '"hosts":["host-1.x","host-2.x"],"more":"PT1H","until":"2026-03-10T13:00:00Z","stop_clocks":null}}'
    )
    found = records.read(Entry, {"schema": 2, "data": text, "what": "…", "host": ""})
    assert isinstance(found.fact, Ordered)
    assert found.fact.hosts == ("host-1.x", "host-2.x")
    assert found.fact.names == ("Host-1.x", "Host-2.x")
    assert found.fact.more == timedelta(hours=1)
    assert found.fact.until is not None
    assert found.what == json.loads(text)["what"]


def test_an_old_order_for_many_hosts_names_the_first_ten() -> None:
    keys = [f"h{n}" for n in range(12)]
    what = f"skip asked for: {', '.join(key.upper() for key in keys[:10])}, and 2 other hosts"
    ordered = {"what": "skip", "hosts": keys, "more": None, "until": None, "stop_clocks": None}
    found = old(what, ordered=ordered)
    assert found.what == what
    assert old("release asked for: all hosts", ordered={"what": "release"}).fact == Ordered(
        "release"
    )


def test_an_order_of_which_no_fields_were_recorded_says_no_more_than_it_did() -> None:
    """Not that all hosts were meant."""
    assert old("skip asked for").fact == Line("skip asked for")


def test_the_first_schema_is_read_too() -> None:
    assert old("queued → draining", schema=1).fact == Moved(Phase.QUEUED, Phase.DRAINING)


@pytest.mark.parametrize("fact", [fact for _, fact in OLD], ids=[what for what, _ in OLD])
def test_an_entry_is_read_as_it_was_written(fact: Fact) -> None:
    entry = Entry(NOON, fact, "a", "avd-drain", "why", "anna")
    values = entities.entity_of(entry)
    assert values["schema"] == records.SCHEMA
    assert values["what"] == sentence(fact)
    assert records.read(Entry, values) == entry
    assert len(values["data"]) < 320


def test_a_row_does_not_repeat_the_sentence() -> None:
    entry = Entry(NOON, Moved(Phase.QUEUED, Phase.DRAINING, ""), "a", why="x")
    assert json.loads(entities.entity_of(entry)["data"])["fact"] == {
        "before": "queued", "after": "draining", "code": "", "kind": "phase",
    }  # fmt: skip


def test_texts_that_are_too_long_are_cut() -> None:
    entry = Entry(NOON, Acted(DrainModeSet(True), Result.REFUSED, "x" * 9000), "a", why="y" * 9000)
    found = records.read(Entry, entities.entity_of(entry))
    assert isinstance(found.fact, Acted)
    assert (len(found.fact.text), len(found.why)) == (2000, 2000)


@pytest.mark.parametrize("fact", [fact for _, fact in OLD], ids=[what for what, _ in OLD])
def test_every_entry_is_answered_as_it_is_described(fact: Fact) -> None:
    entry = Entry(NOON, fact, "a", "avd-drain", "why", "anna")
    TypeAdapter(EntryView).validate_python(entry_resource(entry))


def test_an_answer_has_the_fields_of_its_kind_and_no_others() -> None:
    entry = Entry(
        NOON, Acted(MessageSent("Anna", 2, "de"), Result.REFUSED, "no"), "a", asked_by="bert"
    )
    found = {name: value for name, value in entry_resource(entry).items() if value is not None}
    action = found.pop("action")
    assert found == {
        "at": "2026-11-23T12:00:00.000Z", "what": "message 2 (de) to Anna: refused: no", "host": "a",
        "by": "avd-drain for bert", "why": "", "kind": "action", "askedBy": "bert",
    }  # fmt: skip
    assert isinstance(action, dict)
    assert {name: value for name, value in action.items() if value is not None} == {
        "what": "sendMessage", "result": "refused", "text": "no", "user": "Anna", "message": 2,
        "language": "de",
    }  # fmt: skip
