"""How hosts and pools may be named."""

import pytest

from shared.core.values.drainid import drain_id, is_drain_id, pool_key_of
from shared.core.values.hostnames import resolve
from shared.core.values.hostpool import HostPoolId
from tests.support.builders import POOL, seen_host

VM = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/avd-0"
HOSTS = [
    seen_host("avd-0.contoso.example", vm_id=VM),
    seen_host("avd-1.contoso.example"),
    seen_host("avd-1.fabrikam.example"),
]


@pytest.mark.parametrize(
    "named",
    [
        "hp-finance/avd-0.contoso.example",
        "HP-Finance/AVD-0.Contoso.Example",
        "avd-0.contoso.example",
        "AVD-0",
        VM.upper(),
        f"{POOL.resource_id}/sessionHosts/avd-0.contoso.example".upper(),
    ],
)
def test_a_host_is_known_by_every_name_people_have_for_it(named: str) -> None:
    found, faults = resolve([named], HOSTS, POOL)
    assert [h.key for h in found] == ["avd-0.contoso.example"]
    assert faults == ()


def test_a_short_name_of_two_hosts_is_refused_with_both() -> None:
    _, [fault] = resolve(["avd-1"], HOSTS, POOL)
    assert fault.code == "AmbiguousHost"
    assert fault.candidates == ("AVD-1.CONTOSO.EXAMPLE", "AVD-1.FABRIKAM.EXAMPLE")


def test_an_unknown_name_is_refused_with_names_like_it() -> None:
    _, [fault] = resolve(["avd-7"], HOSTS, POOL)
    assert fault.code == "UnknownHost"
    assert "AVD-0.CONTOSO.EXAMPLE" in fault.candidates


def test_a_host_of_another_pool_is_unknown() -> None:
    _, [fault] = resolve(["hp-other/avd-0.contoso.example"], HOSTS, POOL)
    assert fault.code == "UnknownHost"


def test_every_wrong_name_is_told() -> None:
    _, faults = resolve(["x", "avd-0", "avd-1"], HOSTS, POOL)
    assert len(faults) == 2


def test_a_host_named_twice_is_taken_once() -> None:
    found, _ = resolve(["avd-0", "AVD-0.contoso.example"], HOSTS, POOL)
    assert len(found) == 1


def test_a_pool_is_the_same_in_any_letter_case() -> None:
    assert HostPoolId.parse(POOL.resource_id.upper()).key == POOL.key


def test_pools_of_one_name_in_two_groups_are_two_pools() -> None:
    other = HostPoolId(POOL.subscription, "rg-other", POOL.name)
    assert other.key != POOL.key


@pytest.mark.parametrize(
    "wrong",
    ["", "hp-finance", "/subscriptions/x/resourceGroups/y", "/" * 50]
    + [POOL.resource_id.replace(POOL.resource_group, group) for group in ("..", ".", "a/../b", "")]
    + [POOL.resource_id.replace(POOL.name, name) for name in ("a?b", "a%2Fb", "hp-\none", "..")],
)
def test_what_is_no_pools_resource_id_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a host pool's resource id"):
        HostPoolId.parse(wrong)


def test_a_drains_id_leads_to_its_pool() -> None:
    assert pool_key_of(drain_id(POOL.key, "anything")) == POOL.key


@pytest.mark.parametrize("wrong", ["", "hp-1", "hp-0123456789-0123456789|control", "../x", "HP"])
def test_what_is_no_drains_id_is_seen_at_once(wrong: str) -> None:
    assert not is_drain_id(wrong)
