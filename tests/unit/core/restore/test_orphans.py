"""What puts a host back that no drain works on."""

from dataclasses import replace
from typing import Any

from shared.core.drain.model import Claim
from shared.core.host.actions import SetDrainMode, SetTag
from shared.core.host.host import TagRecord
from shared.core.observation.seen import HostSeen
from shared.core.restore.orphans import (
    AHEAD,
    LATE,
    Looked,
    MaybeOut,
    is_at_work,
    put_back,
    to_examine,
)
from tests.support.builders import NOON, POOL, minutes, seen_host

TAGS = {"ExcludeFromScaling": "avd-drain some-drain"}


def claim(before: bool = True) -> Claim:
    return Claim(
        "a", "A", "some-drain", NOON, out=True, before=before, object_id="old",
        vm_id="/vm/a", tag=TagRecord("ExcludeFromScaling", asked=True),
    )  # fmt: skip


def listing(**more: Any) -> dict[str, HostSeen]:
    return {"a": seen_host(**more)}


def test_a_host_that_is_left_in_drain_mode_is_opened_and_our_tag_taken_away() -> None:
    todo = put_back(claim(), listing(drained=True, object_id="old"), TAGS)
    assert [type(action) for action in todo.actions] == [SetDrainMode, SetTag]
    assert todo.seen


def test_a_host_that_was_in_drain_mode_before_is_left_so() -> None:
    assert not put_back(claim(before=False), listing(drained=True, object_id="old"), {}).actions


def test_of_a_host_that_was_registered_anew_only_our_tag_is_taken_away() -> None:
    [action] = put_back(claim(), listing(drained=True, object_id="new"), TAGS).actions
    assert isinstance(action, SetTag)


def test_a_host_that_is_not_listed_is_opened_all_the_same_and_the_answer_is_the_proof() -> None:
    """The list may be cut short."""
    todo = put_back(claim(), {}, {})
    assert [type(action) for action in todo.actions] == [SetDrainMode]
    assert not todo.seen
    assert not put_back(claim(before=False), {}, {}).actions


def test_of_a_host_that_is_not_listed_our_tag_is_taken_away() -> None:
    [action] = put_back(claim(before=False), {}, TAGS).actions
    assert isinstance(action, SetTag)


def test_a_tag_that_somebody_else_set_stays() -> None:
    assert not put_back(claim(before=False), {}, {"ExcludeFromScaling": "by anna"}).actions


def test_where_nothing_can_be_read_all_is_written_and_the_answers_are_the_proof() -> None:
    todo = put_back(claim(), None, None)
    assert [type(action) for action in todo.actions] == [SetDrainMode, SetTag]
    assert not todo.seen


def test_a_host_that_is_seen_open_is_not_written_to_because_its_tags_cannot_be_read() -> None:
    todo = put_back(claim(), listing(object_id="old"), None)
    assert [type(action) for action in todo.actions] == [SetTag]
    assert not todo.seen


def test_a_tag_that_is_seen_gone_is_not_removed_because_the_hosts_cannot_be_listed() -> None:
    todo = put_back(claim(), None, {})
    assert [type(action) for action in todo.actions] == [SetDrainMode]


def test_what_can_be_seen_is_looked_at_again_though_the_rest_cannot() -> None:
    assert put_back(claim(), listing(drained=True, object_id="old"), None).seen


def test_a_drain_mode_that_is_not_told_is_turned_off_and_the_answer_is_the_proof() -> None:
    here = replace(seen_host(object_id="old"), allow_new_session=None)
    todo = put_back(claim(), {"a": here}, {})
    assert [type(action) for action in todo.actions] == [SetDrainMode]
    assert not todo.seen


def looked(at: float, *, troubled: bool = False) -> Looked:
    return Looked(NOON + minutes(at), troubled)


def test_a_drain_whose_next_look_is_due_about_now_is_at_work() -> None:
    assert is_at_work(looked(5), NOON)
    assert is_at_work(looked(0), NOON + LATE)


def test_a_drain_of_which_nothing_is_known_or_that_is_late_or_in_trouble_is_looked_at_closely() -> (
    None
):
    assert not is_at_work(None, NOON)
    assert not is_at_work(looked(0), NOON + LATE + minutes(1))
    assert not is_at_work(looked(5, troubled=True), NOON)


def test_a_drain_that_does_not_look_for_long_is_not_taken_for_one_that_works() -> None:
    """Its record may be lost meanwhile, and nothing would say so."""
    assert not is_at_work(Looked(NOON + AHEAD + minutes(1), False), NOON)


def test_only_pools_with_a_drain_that_is_not_plainly_at_work_are_examined() -> None:
    other = replace(POOL, name="hp-two")
    noted = [MaybeOut(POOL, "a"), MaybeOut(POOL, "b"), MaybeOut(other, "c")]
    at_work = {"a": looked(1), "c": looked(1)}
    assert to_examine(noted, at_work, NOON) == {POOL: {"b"}}


def test_a_pool_that_an_older_version_noted_is_examined() -> None:
    assert to_examine([MaybeOut(POOL, "")], {}, NOON) == {POOL: {""}}


def test_a_drain_that_only_left_hosts_drained_is_not_examined() -> None:
    assert to_examine([MaybeOut(POOL, "a", settled=True)], {}, NOON) == {}
