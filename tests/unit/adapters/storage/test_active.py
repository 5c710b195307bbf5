"""What the timer sends for, if there is more than it can: what is out first, and nobody starved."""

from datetime import timedelta

from shared.adapters.storage.index.active import due, late
from shared.adapters.storage.tables.table import Row
from shared.core.values.drainid import drain_id
from tests.support.builders import NOON, POOL


def row(key: str, ago: int, *, out: bool | None = None) -> Row:
    values = {"dueAt": NOON - timedelta(minutes=ago)} | ({} if out is None else {"out": out})
    return Row("active", key, values, "")


def test_stale_subscriptions_keep_no_drain_from_its_turn() -> None:
    stale = [row(f"drain-{n}|sub", 10_000 + n) for n in range(230)]
    found = late(
        [*stale, row("drain-a", 2, out=True), row("campaign|c", 2), row("inbox", 2)], NOON, 200
    )
    assert found[0] == "drain-a"
    assert {"campaign|c", "inbox"} <= set(found)
    assert len(found) == 200


def test_drains_with_hosts_out_come_before_those_that_wait() -> None:
    rows = [row("drain-waits", 100, out=False), row("drain-out", 1, out=True), row("drain-old", 1)]
    assert late(rows, NOON, 10) == ["drain-old", "drain-out", "drain-waits"]
    assert late([row("drain-x", -1, out=True)], NOON, 10) == []


def test_every_row_has_its_turn_however_many_there_are_of_each_kind() -> None:
    rows = [row(f"d{n:03}", 500 - n, out=n % 2 == 0) for n in range(400)]
    rows += [row(f"campaign|{n:03}", 900) for n in range(250)]
    rows += [row(f"d|{n:03}", 900) for n in range(250)]
    seen: set[str] = set()
    for minute in range(60):
        found = late(rows, NOON + timedelta(minutes=minute), 200)
        assert len(found) == len(set(found)) == 200
        seen |= set(found)
    assert seen == {each.key for each in rows}


def test_what_one_kind_does_not_use_the_others_have() -> None:
    rows = [row(f"d|{n}", 1) for n in range(300)]
    assert len(late(rows, NOON, 200)) == 200


def test_of_many_drains_of_one_pool_a_few_are_sent_for_and_they_see_to_the_others() -> None:
    many = [row(drain_id(POOL.key, str(n)), 100 + n, out=True) for n in range(250)]
    other = drain_id("hp-other-0123456789", "x")
    found = late([*many, row(other, 1, out=True)], NOON, 200)
    assert found == [*(each.key for each in many[:-4:-1]), other]


def test_what_is_due_in_a_pool_is_its_drains_the_longest_due_first() -> None:
    rows = [row("d1", 1), row("d1|sub", 9), row("d2", 5), row("d3", -1)]
    assert [drain for drain, _ in due(rows, NOON)] == ["d2", "d1"]
