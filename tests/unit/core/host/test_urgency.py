"""Where there is too much to do in one step: who may sign in where comes first, users are told last."""

from typing import get_args

from shared.core.flow.flow import MOST_ACTIONS, decide
from shared.core.host.actions import Action, SendMessage, SetDrainMode, SetTag, urgency
from shared.core.host.phases import Phase
from shared.core.policy.policy import Amount, Policy
from tests.support.builders import (
    NOON,
    PACE,
    a_drain,
    a_host,
    a_look,
    a_session,
    seconds,
    seen_host,
)

ALL = Policy(max_unavailable=Amount(100, percent=True))


def test_no_more_hosts_are_recorded_as_out_than_can_be_written_now() -> None:
    keys = [f"h{n}" for n in range(MOST_ACTIONS + 100)]
    drain = a_drain(*(a_host(key) for key in keys), policy=ALL)
    decision = decide(drain, a_look(*(seen_host(key) for key in keys)), NOON, PACE)
    out = [host for host in decision.drain.hosts if host.phase is Phase.DRAINING]
    assert len(out) == MOST_ACTIONS
    assert all(isinstance(host.intents[0].action, SetDrainMode) for host in out)
    assert decision.drain.progress.look_at == NOON
    left = [host for host in decision.drain.hosts if host.phase is Phase.QUEUED]
    assert {host.wait.text for host in left if host.wait is not None} == {
        "its turn: no more can be written at a time"
    }


def test_drain_mode_is_written_before_any_user_is_told() -> None:
    """Messages for hundreds of hosts do not keep the next ones open."""
    out = [f"o{n}" for n in range(900)]
    waits = [f"w{n}" for n in range(200)]
    hosts = [a_host(key, Phase.DRAINING, drained_at=NOON, effective_at=NOON) for key in out]
    drain = a_drain(*hosts, *(a_host(key) for key in waits), policy=ALL)
    look = a_look(
        *(seen_host(key, drained=True, sessions=1) for key in out),
        *(seen_host(key) for key in waits),
        at=NOON + seconds(30),
        sessions=[a_session(key) for key in out],
    )
    decision = decide(drain, look, NOON + seconds(31), PACE)
    kinds = [type(action) for action in decision.actions]
    assert kinds == [SetDrainMode] * 200 + [SendMessage] * (MOST_ACTIONS - 200)
    assert decision.drain.progress.look_at == NOON + seconds(31)
    meant = sum(len(host.intents) for host in decision.drain.hosts)
    assert meant == MOST_ACTIONS


def test_every_action_has_its_urgency() -> None:
    kinds = get_args(Action)
    ranks = {kind: urgency(kind.__new__(kind)) for kind in kinds}
    assert ranks[SetDrainMode] < ranks[SetTag] < ranks[SendMessage] == max(ranks.values())
