"""The planted faults fit the code. ``python dev.py mutants`` shows that each is found."""

import pytest

from tests.nights.mutants import ROOT, hunt
from tests.nights.planted import MUTANTS
from tests.nights.planted.mutant import Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_changes_one_place_that_is_there(mutant: Mutant) -> None:
    for file, old, new in mutant.changes:
        text = (ROOT / "shared" / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        assert old != new


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 20


def test_a_planted_fault_is_found() -> None:
    [mutant] = [m for m in MUTANTS if m.name == "what is intended is not saved before it is done"]
    nights, how = hunt(mutant, 30)
    assert 1 <= nights <= 30
    assert "no claim says so" in how
