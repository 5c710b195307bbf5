"""Which hosts a request means, and why the others are not among them."""

from dataclasses import replace
from typing import Any

import pytest

from shared.core.start.filters import Known, select, version
from shared.core.start.selection import Selection, TagRule
from tests.support.builders import NOON, POOL, minutes, seen_host

LISTED = [
    seen_host("a", agent_version="1.0.9", os_version="10.0.26100.1", status="Available"),
    seen_host("b", agent_version="1.0.10", os_version="10.0.26100.2", status="Unavailable"),
    seen_host("c", agent_version="", os_version="10.0.22000.9", status="Available"),
]
KNOWN = Known(
    tags={"a": {"Ring": "1"}, "b": {"ring": "2"}, "c": {}},
    maintained={"a": NOON, "b": NOON - minutes(60)},
)


def chosen(**more: Any) -> str:
    found, _, wrong = select(Selection(**more), LISTED, KNOWN, POOL)
    assert wrong == ()
    return "".join(host.key for host in found)


@pytest.mark.parametrize(
    ("more", "meant"),
    [
        ({}, "abc"),
        ({"names": ("b", "a")}, "ba"),
        ({"tags": (TagRule("ring"),)}, "ab"),
        ({"tags": (TagRule("ring", "2"),)}, "b"),
        ({"statuses": ("available",)}, "ac"),
        ({"agent_version_below": "1.0.10"}, "a"),
        ({"os_version_below": "10.0.26100.2"}, "ac"),
        ({"not_maintained_since": NOON - minutes(30)}, "bc"),
        ({"exclude_names": ("A",)}, "bc"),
        ({"exclude_tags": (TagRule("ring", "1"),)}, "bc"),
        ({"tags": (TagRule("ring"),), "statuses": ("Available",)}, "a"),
    ],
)
def test_every_condition_that_is_given_must_hold(more: dict[str, Any], meant: str) -> None:
    assert chosen(**more) == meant


def test_every_host_that_is_left_out_has_its_reason() -> None:
    selection = Selection(names=("a", "b"), agent_version_below="1.0.10")
    _, excluded, _ = select(selection, LISTED, KNOWN, POOL)
    assert {e.name: (e.code, e.text) for e in excluded} == {
        "B": ("AgentVersion", "its agent version is 1.0.10"),
        "C": ("NotNamed", "it was not named"),
    }


def test_a_host_whose_tags_are_not_known_is_left_out_where_tags_matter() -> None:
    """It may have the tag by which it is to be left alone."""
    untold = replace(KNOWN, tags={"a": {}, "b": {}})
    for selection in (
        Selection(exclude_tags=(TagRule("ring"),)),
        Selection(tags=(TagRule("ring"),)),
    ):
        _, excluded, _ = select(selection, LISTED, untold, POOL)
        assert excluded[-1].text == "the tags of its VM are not known"
    assert len(select(Selection(), LISTED, untold, POOL)[0]) == 3


def test_a_name_at_fault_is_told_also_among_the_excluded() -> None:
    _, _, wrong = select(Selection(names=("x",), exclude_names=("y",)), LISTED, KNOWN, POOL)
    assert [fault.code for fault in wrong] == ["UnknownHost", "UnknownHost"]


def test_versions_are_compared_as_numbers() -> None:
    ten, nine = version("1.0.10"), version("1.0.9")
    assert ten is not None
    assert nine is not None
    assert ten > nine
    assert version("") is None


def test_a_selection_says_what_it_is() -> None:
    selection = Selection(tags=(TagRule("ring", "1"),), exclude_names=("c",))
    assert str(selection) == "all, tag ring=1, without c"
