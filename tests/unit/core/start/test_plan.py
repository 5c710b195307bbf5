"""The dry run tells the truth: what cannot go is told as such, with why and without times."""

from dataclasses import replace
from datetime import timedelta

from shared.core.observation.seen import HostSeen, Lack
from shared.core.policy.policy import Amount, Policy
from shared.core.start.plan import Plan, plan
from shared.core.values.window import Window
from tests.support.builders import NOON, a_drain, a_host, a_look, seen_host


def planned(policy: Policy, *hosts: HostSeen) -> Plan:
    drain = a_drain(*(a_host(host.key) for host in hosts), policy=policy)
    return plan(drain, a_look(*hosts), NOON)


def test_hosts_that_the_floor_never_lets_out_cannot_go() -> None:
    policy = Policy(minimum_available=Amount(100, percent=True))
    found = planned(policy, seen_host("a"), seen_host("b"))
    assert {host.cannot for host in found.hosts} == {"2 of 2 hosts available, 2 must stay"}
    assert all(host.out_from is None and host.batch == 0 for host in found.hosts)


def test_a_host_that_an_administrator_drained_takes_the_only_place_but_may_go_itself() -> None:
    found = planned(Policy(), seen_host("a"), seen_host("b", drained=True))
    cannot = {host.name: bool(host.cannot) for host in found.hosts}
    assert cannot == {"A": True, "B": False}


def test_before_its_window_no_host_is_planned_to_be_out() -> None:
    policy = Policy(window=Window(starts="22:00", ends="05:00", time_zone="UTC"))
    [host] = planned(policy, seen_host("a")).hosts
    assert host.out_from == NOON + timedelta(hours=10)


def test_what_is_not_known_lets_nobody_go() -> None:
    hosts = (seen_host("a"),)
    seen = a_look(*hosts)
    assert seen.facts is not None
    unknown = replace(seen, facts=replace(seen.facts, plans_lack=Lack("denied", final=True)))
    [host] = plan(a_drain(a_host("a")), unknown, NOON).hosts
    assert host.cannot == "it waits for the pool's scaling plans to be known: denied"
