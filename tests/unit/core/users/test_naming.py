"""How a user's name is written in what outlasts the session."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.storage import entities, records
from shared.core.drain.model import Control
from shared.core.flow.outcomes import apply, entry_of
from shared.core.host.actions import SendMessage
from shared.core.host.outcome import Accepted, Refused
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.users.naming import Naming, forgotten, naming_of
from shared.core.values.usernames import UserNames
from tests.support.builders import NOON, PACE, a_drain, a_host

KIM = "Kim@contoso.example"
SESSION = SessionRecord("1", KIM, NOON, "Active", NOON, account="CONTOSO\\kimberly")
TELL = SendMessage("a", SESSION.key, "1", KIM, 1, "title", "text", "why")
HASHED, NONE = Naming(UserNames.HASHED, "secret"), Naming(UserNames.NONE, "secret")


def test_a_name_is_written_as_it_is_told_unless_somebody_says_otherwise() -> None:
    assert Naming().written(KIM) == KIM
    assert naming_of(a_drain().control).written(KIM) == KIM


def test_a_user_has_the_same_mark_however_the_name_is_spelled_and_others_have_another() -> None:
    mark = HASHED.written(KIM)
    assert mark == HASHED.written(KIM.upper())
    assert mark.startswith("user-")
    assert len(mark) == len("user-") + 12
    assert mark != HASHED.written("tim@contoso.example")
    assert mark != Naming(UserNames.HASHED, "another").written(KIM)


def test_where_none_is_kept_all_are_alike() -> None:
    assert NONE.written(KIM) == NONE.written("tim@contoso.example") == "a user"


@pytest.mark.parametrize("naming", [Naming(), HASHED, NONE])
def test_a_user_without_a_name_stays_one(naming: Naming) -> None:
    assert naming.written("") == ""


@pytest.mark.parametrize("odd", ["\ud800@x", "%s{host}'\"<b>\x00", "ß" * 1000, "+", "\\", "@"])
@pytest.mark.parametrize("naming", [HASHED, NONE])
def test_whatever_a_name_holds_it_is_written_otherwise(naming: Naming, odd: str) -> None:
    assert odd not in naming.written(odd)
    assert naming.without(f"before {odd} after", odd) == f"before {naming.written(odd)} after"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("the session of KIM@CONTOSO.EXAMPLE is locked", "the session of a user is locked"),
        ("contoso\\Kimberly: denied", "a user: denied"),
        ("user 'kim' has gone", "user 'a user' has gone"),
        ("akimbo is no name", "akimbo is no name"),
        ("", ""),
    ],
)
def test_what_the_service_says_is_kept_without_any_of_the_users_names(said: str, kept: str) -> None:
    assert NONE.without(said, KIM, "contoso\\kimberly") == kept
    assert Naming().without(said, KIM, "contoso\\kimberly") == said


def test_history_delivery_and_refusal_are_written_without_the_name() -> None:
    host = a_host(phase=Phase.DRAINING, sessions=(SESSION,))
    control = a_drain(host, user_names=UserNames.NONE, secret="s").control
    refused = Refused("CONTOSO\\kimberly (kim@contoso.example) is locked")
    entry = entry_of(control, TELL, refused, NOON, host)
    after = apply(host, TELL, refused, NOON, PACE, naming_of(control))
    assert entry.what == "message 1 to a user: refused: a user (a user) is locked"
    assert after.deliveries[0].user == "a user"
    assert after.sessions[0].refused == "a user (a user) is locked"
    assert after.sessions[0].names == SESSION.names


def test_a_host_whose_part_is_over_keeps_no_session_and_how_many_there_were() -> None:
    host = a_host(phase=Phase.FAILED, sessions=(SESSION,), missed=(SESSION,), sessions_count=1)
    for naming in (HASHED, NONE):
        left = forgotten(naming, host)
        assert (left.sessions, left.missed, left.sessions_count) == ((), (), 1)
    assert forgotten(Naming(), host) is host
    live = replace(host, phase=Phase.DRAINING)
    assert forgotten(NONE, live) is live


def test_a_session_that_goes_on_is_remembered_with_its_names() -> None:
    host = a_host(phase=Phase.DRAINING, sessions=(SESSION,))
    after = apply(host, TELL, Accepted(), NOON + timedelta(seconds=1), PACE, NONE)
    assert after.sessions[0].user == KIM
    assert after.sessions[0].warned_at is not None


def test_a_drain_of_an_older_version_writes_names_as_it_did() -> None:
    control = a_drain().control
    values = entities.entity_of(control)
    older = {name: value for name, value in values.items() if name != "data"}
    older["data"] = str(values["data"]).replace('"user_names":"full"', '"unknown":1')
    assert '"user_names":"full"' in str(values["data"])
    assert records.read(Control, older).user_names is UserNames.FULL
