"""The table of phases, and that nothing else sets one."""

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from shared.core.host.phases import MOVES, OUT, TERMINAL, IllegalMoveError, Phase, check_move
from shared.core.host.status import Status, status_of

CORE = Path(__file__).parents[4] / "shared"


def test_every_phase_is_in_the_table_and_leads_somewhere_known() -> None:
    assert set(MOVES) == set(Phase)
    assert set().union(*MOVES.values()) <= set(Phase)


def test_every_host_that_is_out_can_only_end_through_restoring_or_by_leaving_the_pool() -> None:
    for phase in OUT - {Phase.RESTORING}:
        kept_drained = {Phase.FAILED} if phase is Phase.VERIFYING else set()
        assert MOVES[phase] & TERMINAL == {Phase.SKIPPED, *kept_drained}
    assert MOVES[Phase.RESTORING] - TERMINAL == {Phase.QUEUED}  # its window has ended


def test_a_terminal_phase_leads_nowhere() -> None:
    with pytest.raises(IllegalMoveError, match="done to queued"):
        check_move(Phase.DONE, Phase.QUEUED)


def test_only_the_record_itself_sets_its_phase() -> None:
    """``HostRecord.moved`` checks the table: nobody may go round it with ``replace``."""
    setters = [
        str(path.relative_to(CORE))
        for path in CORE.rglob("*.py")
        if re.search(r"replace\([^)]*\bphase=", path.read_text(encoding="utf-8"))
    ]
    assert setters == ["core/host/host.py"]


@given(st.lists(st.sampled_from(Phase), min_size=1))
def test_a_drain_runs_until_its_last_host_has_ended(phases: list[Phase]) -> None:
    ended = all(phase in TERMINAL for phase in phases)
    assert (status_of(phases) is not Status.RUNNING) == ended


def test_one_failed_host_makes_the_drain_failed() -> None:
    assert status_of([Phase.DONE, Phase.FAILED, Phase.CANCELED]) is Status.FAILED


def test_skipped_hosts_do_not_keep_a_drain_from_succeeding() -> None:
    assert status_of([Phase.DONE, Phase.SKIPPED]) is Status.SUCCEEDED
