"""The simulated estate: its file, its world, the service's side of the limits."""

import json
import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.sim.estate.file import SAMPLE, EstateError, read_estate
from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Pool, Quirks
from local.sim.estate.world import World
from local.sim.limits.buckets import Buckets
from local.sim.limits.faults import EFFECTS, Called, Faults
from local.sim.limits.limits import Limits
from local.sim.limits.rewriting import Rewriting
from local.sim.side.side import CHANGES
from tests.support.builders import NOON, minutes, seconds


def a_world(speed: float = 1.0) -> tuple[World, Pool]:
    world = World(NOON, speed)
    pool = Pool("s", "rg", "hp")
    world.pools.append(pool)
    for n in range(2):
        world.add_host(pool, f"host-{n}.contoso.example")
    return world, pool


def test_a_faulty_estate_file_is_refused_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "estate.toml"
    path.write_text('[[pool]]\nname = "x"\n[[pool.host]]\nnam = "a"\n', encoding="utf-8")
    with pytest.raises(EstateError) as refused:
        read_estate(path, NOON)
    for place in ("pool.0.subscription", "pool.0.resource_group", "host.0.nam:", "host.0.name:"):
        assert place in str(refused.value)


def test_the_sample_estate_has_the_situations_that_a_drain_meets() -> None:
    world = read_estate(SAMPLE, NOON)
    hosts = [host for pool in world.pools for host in pool.hosts.values()]
    people = [s.person for host in hosts for s in host.sessions.values()]
    assert len(world.pools) == 6
    assert any(pool.host_update for pool in world.pools)
    assert any(pool.autoscale and pool.exclusion_tag for pool in world.pools)
    assert any(host.quirks.ghost_sessions for host in hosts)
    assert any(host.quirks.never_comes_back for host in hosts)
    assert any(pool.type == "Personal" for pool in world.pools)
    assert any(not host.allow_new_session for host in hosts)
    assert any(world.status(host) == "Shutdown" for host in hosts)
    assert any(person.manner is Manner.STUBBORN for person in people)


def test_the_load_balancer_never_chooses_a_drained_host() -> None:
    world, pool = a_world()
    drained, other = pool.hosts.values()
    world.set_drain(drained, False, "test")
    for n in range(5):
        world.arrive(pool, Person(f"user-{n}"))
    assert (len(drained.sessions), len(other.sessions)) == (0, 5)


def test_when_every_host_is_drained_nobody_can_sign_in() -> None:
    world, pool = a_world()
    for host in pool.hosts.values():
        world.set_drain(host, False, "test")
    assert world.arrive(pool, Person("bert")) is None


def test_someone_who_leaves_when_told_leaves_after_their_time_and_not_before() -> None:
    world, pool = a_world(speed=2.0)
    session = world.arrive(pool, Person("bert", Manner.LEAVES, after=60))
    host = next(h for h in pool.hosts.values() if h.sessions)
    assert session is not None
    world.tell(pool, host, session, "t", "b")
    world.advance(NOON + seconds(29))
    assert host.sessions
    world.advance(NOON + seconds(31))
    assert not host.sessions


def test_someone_stubborn_stays_until_the_service_signs_them_out() -> None:
    world, pool = a_world()
    session = world.arrive(pool, Person("bert", Manner.STUBBORN))
    host = next(h for h in pool.hosts.values() if h.sessions)
    assert session is not None
    world.tell(pool, host, session, "t", "b")
    world.advance(NOON + timedelta(days=1))
    assert host.sessions
    world.sign_out(host, session)
    assert host.sessions
    world.advance(NOON + timedelta(days=1, seconds=11))
    assert not host.sessions


def test_a_restart_cuts_users_off_and_the_host_is_well_only_a_while_later() -> None:
    world, pool = a_world()
    session = world.arrive(pool, Person("bert"))
    host = next(h for h in pool.hosts.values() if h.sessions)
    said: list[str] = []
    world.power(host, "restart", said.append)
    assert session is not None
    assert world.log[-1]["what"] == "cut off by restart"
    assert (world.status(host), said) == ("Unavailable", [])
    world.advance(NOON + seconds(61))
    assert (world.status(host), said) == ("Unavailable", [""])
    world.advance(NOON + seconds(151))
    assert world.status(host) == "Available"


def test_a_host_that_never_comes_back_never_does() -> None:
    world, pool = a_world()
    host = next(iter(pool.hosts.values()))
    host.quirks.never_comes_back = True
    world.power(host, "restart", lambda _: None)
    world.advance(NOON + timedelta(days=1))
    assert world.status(host) == "Unavailable"


def test_the_session_count_lags_behind_the_sessions() -> None:
    world, pool = a_world()
    host = next(iter(pool.hosts.values()))
    host.quirks.session_count_lag = 60
    world.sign_in(pool, host, Person("bert"))
    assert (world.session_count(host), len(host.sessions)) == (0, 1)
    world.advance(NOON + seconds(61))
    assert world.session_count(host) == 1


def test_an_agent_that_flips_drain_mode_does_so_once() -> None:
    world, pool = a_world()
    host = next(iter(pool.hosts.values()))
    host.quirks.flips_drain_after = 5
    world.set_drain(host, False, "the app")
    world.advance(NOON + seconds(6))
    assert host.allow_new_session
    world.set_drain(host, False, "the app")
    world.advance(NOON + minutes(60))
    assert not host.allow_new_session


def test_past_the_token_bucket_calls_are_refused_until_tokens_come_back() -> None:
    buckets = Buckets()
    for _ in range(200):
        assert buckets.take("s", "PATCH", NOON)[1] >= 0
    kind, left, again = buckets.take("s", "POST", NOON)
    assert (kind, left, again) == ("writes", -1.0, 1)
    assert buckets.take("s", "GET", NOON)[1] >= 0
    assert buckets.take("s", "PATCH", NOON + seconds(1))[1] >= 0


def test_a_fault_rule_strikes_what_it_names_as_often_as_it_says() -> None:
    faults = Faults()
    faults.add({"operation": "sessionHosts.update", "host": "A", "effect": "cut", "skip": 1})
    assert faults.strike(Called("sessionHosts.list", "")) is None
    assert faults.strike(Called("sessionHosts.update", "b.contoso.example")) is None
    assert faults.strike(Called("sessionHosts.update", "a.contoso.example")) is None
    assert faults.strike(Called("sessionHosts.update", "a.contoso.example")) is not None
    assert faults.strike(Called("sessionHosts.update", "a.contoso.example")) is None


@pytest.mark.parametrize(
    "rule", [{}, {"effect": "x"}, {"effect": "cut", "hots": "a"}, {"effect": "cut", "set": {}}]
)
def test_a_fault_rule_that_means_nothing_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"effect|hots|set"):
        Faults().add(rule)


def test_every_example_of_a_rule_on_the_page_is_taken_and_lifted() -> None:
    page = (Path(__file__).parents[3] / "docs" / "local.md").read_text(encoding="utf-8")
    examples = [json.loads(told) for told in re.findall(r'`({"effect".*})`', page)]
    faults = Faults()
    for told in examples:
        faults.add(told)
    assert len(faults.rules) > 10
    faults.lift("2")
    assert len(faults.rules) == len(examples) - 1
    with pytest.raises(ValueError, match="'id' is one of"):
        faults.lift("2")
    faults.lift("")
    assert faults.rules == []


@pytest.mark.parametrize("more", [{"set": 3}, {"remove": ["value"]}, {"raw": 7}, {"status": "x"}])
def test_a_rewriting_that_means_nothing_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"set|remove|raw|status"):
        Faults().add({"effect": "rewrite", **more})


def test_an_answer_is_rewritten_where_its_places_say() -> None:
    body = {"value": [{"name": "hp/a.example", "p": {"n": 1}}, {"name": "hp/b.example"}]}
    told: dict[str, Any] = {
        "set": {"/value/a/p/n": None},
        "remove": ["/value/b"],
        "repeat": ["/value/*"],
    }
    item = {"name": "hp/a.example", "p": {"n": None}}
    assert Rewriting(**told).reshaped(body) == {"value": [item, item]}


def test_the_page_on_local_use_names_all_that_can_be_set() -> None:
    page = (Path(__file__).parents[3] / "docs" / "local.md").read_text(encoding="utf-8")
    named = [*(f.name for f in fields(Quirks)), *(f.name for f in fields(Pool)), *Manner, *EFFECTS]
    named += [f.name for f in fields(Person)] + list(CHANGES)
    missing = [name for name in named if f"`{name}`" not in page and f'"{name}"' not in page]
    assert missing == []


def test_what_cannot_be_of_many_hosts_is_refused_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "estate.toml"
    path.write_text(
        '[[pool]]\nname = "x"\nsubscription = "s"\nresource_group = "r"\n'
        '[pool.many]\nsessions = -1\nname = "x"\nmanner = "rude"\nsize = 3\n',
        encoding="utf-8",
    )
    with pytest.raises(EstateError) as refused:
        read_estate(path, NOON)
    for place in ("hosts", "sessions", "name", "manner", "size"):
        assert f"pool.0.many.{place}: " in str(refused.value)


def test_hosts_are_made_by_the_hundred_with_their_people(tmp_path: Path) -> None:
    path = tmp_path / "estate.toml"
    path.write_text(
        '[[pool]]\nname = "hp"\nsubscription = "s"\nresource_group = "r"\n'
        "[pool.many]\nhosts = 300\nsessions = 2\n",
        encoding="utf-8",
    )
    [pool] = read_estate(path, NOON).pools
    assert len(pool.hosts) == 300
    assert "hp-299.contoso.example" in pool.hosts
    assert all(len(host.sessions) == 2 for host in pool.hosts.values())


def test_limits_that_cannot_be_are_refused_with_every_fault_and_change_nothing() -> None:
    limits = Limits()
    with pytest.raises(ValueError, match="latency") as refused:
        limits.change({"latency": -1, "largestPage": 0, "buckets": "no", "throttled": 1, "x": 2})
    for name in ("latency", "largestPage", "buckets", "throttled", "x"):
        assert f"\n{name}\n" in str(refused.value)
    assert limits == Limits()
