"""What puts a host back that no drain works on."""

from shared.core.drain.model import Claim
from shared.core.host.actions import SetDrainMode, SetTag
from shared.core.host.host import TagRecord
from shared.core.restore.orphans import put_back
from tests.support.builders import NOON, seen_host

TAGS = {"ExcludeFromScaling": "avd-drain some-drain"}


def claim(before: bool = True) -> Claim:
    return Claim(
        "a", "A", "some-drain", NOON, out=True, before=before, object_id="old",
        vm_id="/vm/a", tag=TagRecord("ExcludeFromScaling", asked=True),
    )  # fmt: skip


def test_a_host_that_is_left_in_drain_mode_is_opened_and_our_tag_taken_away() -> None:
    here = seen_host(drained=True, object_id="old")
    opened, untagged = put_back(claim(), here, TAGS)
    assert isinstance(opened, SetDrainMode)
    assert isinstance(untagged, SetTag)


def test_a_host_that_was_in_drain_mode_before_is_left_so() -> None:
    here = seen_host(drained=True, object_id="old")
    assert put_back(claim(before=False), here, {}) == ()


def test_of_a_host_that_was_registered_anew_only_our_tag_is_taken_away() -> None:
    here = seen_host(drained=True, object_id="new")
    [action] = put_back(claim(), here, TAGS)
    assert isinstance(action, SetTag)


def test_of_a_host_that_has_left_the_pool_our_tag_is_taken_away() -> None:
    [action] = put_back(claim(), None, TAGS)
    assert isinstance(action, SetTag)


def test_a_tag_that_somebody_else_set_stays() -> None:
    assert put_back(claim(), None, {"ExcludeFromScaling": "by anna"}) == ()
