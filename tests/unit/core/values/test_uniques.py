"""Idempotency keys of callers are never those of the app itself, whatever a caller sends."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.core.values import uniques
from shared.core.values.drainid import drain_id
from shared.engine.schedules.campaigning import campaign_id

AT = datetime(2026, 11, 25, 22, tzinfo=UTC)
OURS = {
    "subscription": uniques.of_subscription("0a1b"),
    "slot": uniques.of_slot("campaign-0123456789ab", 3),
    "moment": uniques.of_moment("nightly", AT),
    "request": uniques.of_request("0a1b"),
    "event": uniques.of_event("0a1b", "patch", 0),
    "part": uniques.of_event("0a1b", "patch", 2),
}
"""What the app makes for itself, by its source."""


@pytest.mark.parametrize("key", [*OURS.values(), *(f" {each}" for each in OURS.values()), ""])
def test_a_callers_key_is_no_key_of_ours(key: str) -> None:
    assert uniques.of_caller(key) not in OURS.values()
    assert uniques.of_callers_campaign(key) != OURS["moment"]  # the other source of campaigns


def test_no_source_makes_anothers() -> None:
    assert len(set(OURS.values())) == len(OURS)


def test_keys_that_differ_at_their_ends_are_two_keys() -> None:
    long = "x" * 5000
    for make in (uniques.of_caller, uniques.of_callers_run, uniques.of_callers_campaign):
        assert make(long + "a") != make(long + "b")
    a, b = (campaign_id(uniques.of_callers_campaign(long + end)) for end in "ab")
    assert a != b
    assert len(drain_id("pool-0123456789", uniques.of_caller(long))) < 100


def test_they_are_made_in_one_place() -> None:
    made = re.compile(r"\bunique\w*\s*=\s*\(?\s*f?[\"']")
    assert made.search('unique = f"run {key}"')
    found = [
        str(path)
        for path in sorted(Path("shared").rglob("*.py"))
        if made.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
