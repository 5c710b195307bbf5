"""Values that look right and are not: refused at the start, since every step would fail on them."""

import pytest

from shared.core.access.allowed import Allowed, Script
from shared.core.maintenance.runcommand import RunCommand
from shared.core.policy.policychecks import is_zone
from shared.core.values.window import Window, faults

ALLOWED = Allowed(scripts={"tidy": Script("x", parameters={"days": ".*"})})


@pytest.mark.parametrize(
    "text",
    [
        "2200Z",
        "22:00:30+01",
        "2200",
        "24:00",
        "22:60",
        "T22:00",
        "22",
        "",
        "22:00\n",
        "\u0662\u0662:00",
    ],
)
def test_a_window_begins_and_ends_at_hours_and_minutes_and_nothing_else(text: str) -> None:
    assert [field for field, _ in faults(Window(starts=text))] == ["starts"]
    assert [field for field, _ in faults(Window(ends=text))] == ["ends"]


def test_every_minute_of_a_day_may_be_a_windows() -> None:
    for text in ("00:00", "09:59", "19:07", "23:59"):
        assert not [*faults(Window(starts=text, ends=text))]


@pytest.mark.parametrize(
    "name",
    [
        "Europe",
        "../x",
        "/etc/passwd",
        "zone.tab",
        "tzdata.zi",
        "",
        "a\x00b",
        "\ud800",
        "x" * 300,
        "No/Such",
    ],
)
def test_a_name_that_is_no_zone_is_told_and_never_raises(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+1"])
def test_the_zones_of_the_world_are_known(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize(
    "odd",
    [
        *"\"'`$\u2018\u2019\u201a\u201b\u201c\u201d\u201e",
        "\u2028",
        "\u0085",
        "\u202e",
        "\ufeff",
        "\n",
        "\x00",
    ],
)
def test_a_scripts_parameter_holds_nothing_that_could_leave_its_quotes(odd: str) -> None:
    told = dict(RunCommand(command="tidy", parameters={"days": f"7{odd}"}).faults(ALLOWED))
    assert "quotes" in told["maintenance.parameters.days"]


def test_a_scripts_parameter_may_be_of_any_language() -> None:
    fits = RunCommand(command="tidy", parameters={"days": "B\u00fcro \u65e5\u672c 7-9_a.b"})
    assert not list(fits.faults(ALLOWED))
