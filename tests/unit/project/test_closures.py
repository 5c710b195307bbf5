"""How much of the project comes along with one file: what reads a setting, or an event, needs neither what
acts on it nor the API."""

from functools import cache

import grimp
import pytest


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("shared", cache_dir=None)


def closure(module: str) -> set[str]:
    """The modules that are imported with it, at once or later, with the packages that they are in."""
    found = {module} | graph().find_upstream_modules(module)
    return found | {name.rsplit(".", n)[0] for name in found for n in range(1, name.count(".") + 1)}


@pytest.mark.parametrize(
    ("module", "most"),
    [
        ("shared.settings.settings", 73),
        ("shared.events.health", 12),
        ("shared.events.scheduled", 12),
        ("shared.events.alert", 12),
        ("shared.events.updatemanager", 14),
        ("shared.events.own", 54),  # a request's policy
    ],
)
def test_a_file_brings_no_more_along_than_it_needs(module: str, most: int) -> None:
    found = closure(module)
    assert len(found) <= most, sorted(found)
    districts = {name.split(".")[1] for name in found if "." in name}
    assert districts <= {"settings", "events", "wire", "core", "errors"}


@pytest.mark.parametrize(
    ("module", "most"), [("shared.settings.settings", 61), ("shared.events.own", 47)]
)
def test_without_their_packages_the_largest_bring_no_more_along(module: str, most: int) -> None:
    assert len({module} | graph().find_upstream_modules(module)) <= most


def test_every_source_of_events_is_counted() -> None:
    sources = graph().find_modules_directly_imported_by("shared.events.translators")
    named = {name.rsplit(".", 1)[1] for name in sources if name.startswith("shared.events.")}
    assert named - {"envelope"} == {"health", "own", "scheduled", "updatemanager"}
