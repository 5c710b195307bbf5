"""Conditions hold the next host, say why, and never touch one that is out."""

import pytest

from shared.core.access.allowed import Allowed
from shared.core.conditions import Condition, Reply
from shared.core.conditions.alertfiring import NoAlertFiring
from shared.core.conditions.asking import literal
from shared.core.conditions.httpok import HttpOk
from shared.core.conditions.pooltag import PoolTag
from shared.core.conditions.serviceissue import NoServiceIssue
from shared.core.flow.needs import may_go
from shared.core.host.phases import Phase
from shared.core.policy.policy import Policy
from shared.core.policy.policychecks import faults
from tests.support.builders import NOON, a_drain, a_host, a_look, look, seen_host

URL = "https://prod-1.westeurope.logic.azure.com/ok?sig=topsecret"
ROW = {"text": "sign-ins fail (Sev1)"}


@pytest.mark.parametrize(
    ("condition", "good", "bad", "said"),
    [
        (NoAlertFiring(), Reply(), Reply(rows=(ROW,)), "alerts to be resolved: sign-ins fail (Sev1)"),
        (NoServiceIssue(), Reply(), Reply(rows=(ROW,)), "service issues to be over"),
        (PoolTag(name="ready"), Reply(tags={"Ready": "yes"}), Reply(), "tag ready to be set"),
        (PoolTag(name="ready", equals="yes"), Reply(tags={"ready": "yes"}),
         Reply(tags={"ready": "no"}), "tag ready=yes to be set"),
        (PoolTag(name="hold", absent=True), Reply(), Reply(tags={"HOLD": ""}), "hold to be removed"),
        (HttpOk(url=URL), Reply(status=200), Reply(status=503), "logic.azure.com to answer 200"),
    ],
)  # fmt: skip
def test_a_condition_holds_the_next_host_and_says_why(
    condition: Condition, good: Reply, bad: Reply, said: str
) -> None:
    drain = a_drain(a_host("a"), policy=Policy(conditions=(condition,)))
    assert may_go(drain, a_look(seen_host("a")), NOON)
    free = look(drain, a_look(seen_host("a"), replies={0: good})).drain.hosts[0]
    assert free.phase is Phase.DRAINING
    held = look(drain, a_look(seen_host("a"), replies={0: bad})).drain.hosts[0]
    assert held.phase is Phase.QUEUED
    assert held.wait is not None
    assert said in held.wait.text
    assert "topsecret" not in held.wait.text


def test_what_cannot_be_told_holds_too() -> None:
    drain = a_drain(a_host("a"), policy=Policy(conditions=(NoAlertFiring(),)))
    for replies, said in (({}, "to be asked after"), ({0: Reply(trouble="no right")}, "no right")):
        [host] = look(drain, a_look(seen_host("a"), replies=replies)).drain.hosts
        assert host.phase is Phase.QUEUED
        assert host.wait is not None
        assert said in host.wait.text


def test_a_host_that_is_out_is_not_touched_and_nothing_is_asked_for_it() -> None:
    drain = a_drain(a_host("a", Phase.DRAINING), policy=Policy(conditions=(NoAlertFiring(),)))
    seen = a_look(seen_host("a", drained=True), replies={0: Reply(rows=(ROW,))})
    assert not may_go(drain, seen, NOON)
    [host] = look(drain, seen).drain.hosts
    assert host.phase is not Phase.RESTORING


def test_an_address_must_be_one_that_the_operator_allows() -> None:
    allowed = Allowed(webhook_hosts=("*.logic.azure.com",))
    assert list(faults(Policy(conditions=(HttpOk(url=URL),)), allowed)) == []
    [(field, text)] = faults(
        Policy(conditions=(PoolTag(name="a"), HttpOk(url="https://x.example"))), allowed
    )
    assert field == "conditions[1]"
    assert "WEBHOOK_HOSTS" in text
    assert list(faults(Policy(conditions=(PoolTag(),)), allowed))


def test_nothing_in_a_name_gets_out_of_the_string_of_a_query() -> None:
    assert literal("it's \\ 'so'\n") == "'it\\'s \\\\ \\'so\\''"
    assert "'a\\' or 1==1'" in NoAlertFiring(rule="a' or 1==1").ask().query
