"""The queries of alerts and of the workbook, by the vendor's own language service."""

from pathlib import Path

import pytest

from local.kusto import check
from local.kusto.grammar import look
from local.kusto.queries import filled, for_workbook, queries
from tests.support.files.alert_rules import rules

KEPT = queries()

BROKEN = {
    "AppMetrics | where Nam == 'a'": "KS142",
    "AppMetrics | summarize maxx(Sum)": "KS211",
    "AppMetric | count": "KS204",
    "AppMetrics | where Name ==": "KS006",
    "AppMetrics | where Sum > 'many'": "KS106",
}
"""A column, a function and a table that are not there, a sentence without its end, numbers against words."""


def test_every_query_can_be_run_as_it_is_kept_and_as_the_workbook_sends_it() -> None:
    sent = {f"{name}, sent": filled(for_workbook(query)) for name, query in KEPT.items()}
    found = look(KEPT | sent)
    assert len(found) == 2 * len(KEPT) > 40
    assert {name: looked.faults for name, looked in found.items() if looked.faults} == {}


@pytest.mark.parametrize("query", BROKEN)
def test_a_query_that_cannot_be_run_is_told_with_the_place(query: str) -> None:
    [looked] = look({"broken": f"// one line before it\n{query}"}).values()
    assert BROKEN[query] in {fault.code for fault in looked.faults}
    assert {fault.line for fault in looked.faults} == {2}


def test_a_rule_measures_a_number_and_splits_by_words_that_its_query_returns() -> None:
    found = look(KEPT)
    for rule in rules():
        columns = found[f"alerts/{rule.name}"].columns
        assert columns[rule.column] in ("real", "long", "int")
        assert set(columns) == {rule.column, *([rule.dimension] if rule.dimension else [])}
        assert not rule.dimension or columns[rule.dimension] == "string"


def test_a_broken_query_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main() == 0
    capsys.readouterr()
    broken = {**KEPT, "alerts/no-tick": KEPT["alerts/no-tick"].replace("max(", "maxx(")}
    monkeypatch.setattr(check, "queries", lambda: broken)
    assert check.main() == 1
    assert "infra/queries/alerts/no-tick.kql:4:22 KS211" in capsys.readouterr().out


def test_no_answer_of_the_service_is_no_good_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.kusto.grammar.PACKAGE", Path("/nowhere"))
    with pytest.raises(RuntimeError, match=r"dev\.py check"):
        look(KEPT)
