"""The history as it is stored: what older versions wrote is still read."""

from datetime import timedelta

from shared.adapters.storage import entities
from shared.core.drain.model import Entry, Ordered
from tests.support.builders import NOON


def test_an_entry_of_an_older_version_says_no_more_than_it_did() -> None:
    text = f'{{"at": "{NOON.isoformat()}", "what": "cancel asked for", "host": "", "by": "anna", "why": "x"}}'
    found = entities.read_entry({"schema": 2, "data": text})
    assert found == Entry(NOON, "cancel asked for", "", "anna", "x", None)


def test_what_was_ordered_is_read_as_it_was_written() -> None:
    ordered = Ordered("extend", ("a", "b"), timedelta(hours=1), NOON)
    entry = Entry(NOON, "extend asked for: a, b, by PT1H", "", "anna", "x", ordered)
    assert entities.read_entry(entities.entry_values(entry)) == entry
