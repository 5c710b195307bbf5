"""Which hosts of a drain are asked for."""

import pytest

from shared.api.http.filters import HostFilter
from shared.core.host.phases import Phase


@pytest.mark.parametrize(
    ("text", "phases", "needing"),
    [
        ("phase eq 'draining'", {Phase.DRAINING}, False),
        (" phase  in ( 'empty' ,'failed' ) ", {Phase.EMPTY, Phase.FAILED}, False),
        ("attention ne null", set(), True),
        ("phase eq 'failed' and attention ne null", {Phase.FAILED}, True),
        ("attention ne null and phase in ('done')", {Phase.DONE}, True),
    ],
)
def test_what_a_filter_says(text: str, phases: set[Phase], needing: bool) -> None:
    assert HostFilter.parse(text) == HostFilter(frozenset(phases), needing)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "not understood"),
        ("draining", "not understood"),
        ("phase = 'draining'", "not understood"),
        ("phase eq draining", "not understood"),
        ("phase ne 'draining'", "not understood"),
        ("phase in ()", "not understood"),
        ("phase eq 'draining' or phase eq 'empty'", "not understood"),
        ("Phase eq 'draining'", "not understood"),
        ("attention eq null", "not understood"),
        ("phase eq 'gone'", "no such phase: gone; one of queued"),
        ("phase in ('done', 'Draining', '')", "no such phase: Draining, "),
        ("phase eq 'done' and phase eq 'empty'", "twice"),
        ("attention ne null and attention ne null", "twice"),
        ("phase eq 'done' " + " " * 500, "at most 500"),
    ],
)
def test_what_it_cannot_say_is_named(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        HostFilter.parse(text)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(ValueError, match="no such phase: gone") as refused:
        HostFilter.parse("phase eq 'gone' and users gt 3")
    assert "'users gt 3' is not understood" in str(refused.value)
