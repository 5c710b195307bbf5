"""What docs/operations.md promises of upgrades: which records which version reads."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from shared.adapters.storage import entities, records, upgrades
from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.drain.history.facts import Line
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Control, Progress
from shared.core.drain.summary.tally import tally_of
from shared.core.host.host import HostRecord, TagRecord
from shared.core.host.orders import Answer
from shared.core.host.phases import Phase
from tests.support.builders import NOON, a_drain, a_host

DRAIN = a_drain()
CLAIM = Claim("a", "A", "d", NOON, out=True, before=True, tag=TagRecord("skip", asked=True))
WRITTEN: dict[str, tuple[Any, Any, Any]] = {
    "control": (DRAIN.control, entities.entity_of, partial(records.read, Control)),
    "progress": (DRAIN.progress, lambda p: entities.entity_of_progress(p, tally_of(DRAIN.hosts)),
                 partial(records.read, Progress)),
    "host": (a_host(phase=Phase.DRAINING), entities.entity_of, partial(records.read, HostRecord)),
    "claim": (CLAIM, entities.entity_of, partial(records.read, Claim)),
    "entry": (Entry(NOON, Line("x"), "a"), entities.entity_of, partial(records.read, Entry)),
    "answer": (Answer(NOON, True, "done"), lambda a: entities.entity_of(a, host="a"),
               partial(records.read, Answer)),
    "happening": (Happening("d/1", Kind.DRAIN_ENDED, Level.INFO, NOON, "a", "ended", counts={"done": 1}),
                  entities.entity_of, partial(records.read, Happening)),
}  # fmt: skip
KINDS = pytest.mark.parametrize("kind", WRITTEN)


@KINDS
def test_a_field_that_a_later_version_adds_within_the_schema_does_not_keep_a_record_from_being_read(
    kind: str,
) -> None:
    record, values_of, read = WRITTEN[kind]
    values = values_of(record)
    later = json.dumps({**json.loads(records.unpacked(values)), "added_later": {"x": 1}})
    assert read({**values, "data": later}) == record


@KINDS
def test_a_record_of_a_later_schema_is_refused_and_not_half_understood(kind: str) -> None:
    record, values_of, read = WRITTEN[kind]
    later = {**values_of(record), "schema": records.SCHEMA + 1}
    with pytest.raises(records.NewerSchemaError):
        read(later)


@KINDS
def test_every_older_schema_has_an_upgrade_or_is_read_as_it_is(kind: str) -> None:
    """That each upgrade tells the right thing is in ``test_old_records`` and ``test_entries``."""
    older = [version for of, version in upgrades.UPGRADES if of == kind]
    assert all(version < records.SCHEMA for version in older)
    record, values_of, read = WRITTEN[kind]
    if not older:
        assert read({**values_of(record), "schema": 1}) == record


def test_a_word_that_only_a_later_version_knows_makes_its_record_unreadable() -> None:
    values = entities.entity_of(replace(a_host(), phase=Phase.DRAINING))
    later = records.unpacked(values).replace('"draining"', '"hibernating"')
    with pytest.raises(ValueError, match="phase"):
        records.read(HostRecord, {**values, "data": later})
