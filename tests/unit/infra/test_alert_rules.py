"""The alert rules: as the service allows them, and as their page has them."""

import re
from datetime import timedelta

import pytest

from shared.core.host.phases import OUT
from shared.core.host.status import Status
from tests.support.files.alert_rules import Rule, module, rules
from tests.support.files.bicep import INFRA, literal, properties, read, text, walk
from tests.support.telemetry.told_metrics import LOGS, METRICS, SPANS

DOCS = INFRA.parent / "docs"
PAGE = (DOCS / "alerts.md").read_text(encoding="utf-8")
RUNBOOK = (DOCS / "runbook.md").read_text(encoding="utf-8")
RULES = rules()
EACH = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
QUERIES = {path: path.read_text(encoding="utf-8") for path in (INFRA / "queries").rglob("*.kql")}
MINUTES = timedelta(minutes=1)


def code(query: str) -> str:
    """A query without its comments and the words in it."""
    return re.sub(r"//.*|'[^']*'", "", query)


def test_each_query_of_alerts_belongs_to_the_rule_of_its_name() -> None:
    there = {path.stem for path in QUERIES if path.parent.name == "alerts"}
    assert {rule.name for rule in RULES} == there
    for rule in RULES:
        assert rule.file == f"../../queries/alerts/{rule.name}.kql"


def test_each_rule_can_be_turned_off_and_is_on_at_first() -> None:
    alerts = read(INFRA / "main.bicep").of("parameter")["alerts"]
    allowed = re.findall(r"'([\w-]+)'", alerts.decorators["allowed"])
    assert sorted(rule.name for rule in RULES) == allowed
    assert re.findall(r"'([\w-]+)'", text(alerts.value)) == allowed
    assert "enabled: contains(alerts, rule.name)" in module().code


@EACH
def test_a_query_keeps_to_what_the_service_allows_in_rules(rule: Rule) -> None:
    """By the vendor's pages on log search alert rules and on their queries."""
    assert rule.query.startswith("AppMetrics\n")
    words = set(re.findall(r"\w+", code(rule.query)))
    refused = {"search", "union", "take", "limit", "bag_unpack", "pivot", "narrow"}
    assert words & (refused | {"AggregatedValue", "ingestion_time"}) == set()
    for asked in re.findall(r"\bago\(([^)]*)\)", code(rule.query)):
        assert re.fullmatch(r"\d+[smhd]", asked)


@EACH
def test_a_rule_looks_at_no_less_than_its_window_and_at_two_days_at_most(rule: Rule) -> None:
    every = re.search(r"evaluationFrequency: 'PT(\d+)M'", module().code)
    assert every is not None
    assert int(every[1]) * MINUTES <= rule.window <= rule.range <= timedelta(days=2)


def test_a_rule_says_what_its_alert_is_about_and_when_it_is_over() -> None:
    source = module().code
    assert "timeAggregation: 'Maximum'" in source
    assert "operator: 'GreaterThan'" in source
    assert "autoMitigate: true" in source
    assert len({rule.title for rule in RULES}) == len(RULES)
    size = sum(len(rule.query) + len(rule.description) for rule in RULES)
    assert size < 64_000  # of each rule by itself; all of them fit


@EACH
def test_a_description_says_what_to_do_by_a_heading_of_the_runbook(rule: Rule) -> None:
    found = re.search(r'See "(.+)" in docs/runbook\.md\.$', rule.description)
    assert found is not None
    assert f"\n## {found[1]}\n" in RUNBOOK
    anchor = re.sub(r"[^a-z0-9 -]", "", found[1].lower()).replace(" ", "-")
    assert f"(runbook.md#{anchor})" in row(rule)[3]


def row(rule: Rule) -> list[str]:
    found = re.search(rf"^\| `{rule.name}` \| (.*) \|$", PAGE, re.MULTILINE)
    assert found is not None, rule.name
    return found[1].split(" | ")


@EACH
def test_the_page_has_each_rule_with_its_condition_and_severity(rule: Rule) -> None:
    condition, severity, split, _ = row(rule)
    minutes = int(rule.window / MINUTES)
    assert re.search(rf"more than {rule.threshold}\b", condition), condition
    assert rule.column in condition
    if rule.range == rule.window:
        assert f"{minutes} minutes" in condition
    assert severity == str(rule.severity)
    assert split == (f"`{rule.dimension}`" if rule.dimension else "one")


def test_the_page_has_no_other_rule() -> None:
    table = PAGE.split("## The rules", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE) == [rule.name for rule in RULES]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_asks_only_for_what_the_app_tells(path: str) -> None:
    query = QUERIES[path]  # type: ignore[index]
    named = set(re.findall(r"'(avd_drain[\w.]*)'", query))
    assert named <= set(METRICS)
    spans = {name for name in SPANS if f"'{name}'" in query}
    asked = set(re.findall(r"Properties(?:\.(\w+)|\['([\w.]+)'\])", query))
    known = set().union(*(METRICS[name] for name in named), *SPANS.values())
    known |= LOGS if "AppTraces" in query else set()
    assert named or spans or "AppTraces" in query or "drain.id" in query
    assert {plain or quoted for plain, quoted in asked} <= known


def test_the_words_that_queries_look_for_are_words_of_the_app() -> None:
    by_name = {path.stem: query for path, query in QUERIES.items()}
    out = re.search(r"phase in \((.*)\)", by_name["hosts-out-by-pool"])
    assert out is not None
    assert set(re.findall(r"'(\w+)'", out[1])) == set(OUT)
    assert f"'{Status.FAILED}'" in by_name["drain-failed"]


def test_nobody_is_told_where_nobody_is_named_and_then_nothing_is_made() -> None:
    oncall = read(INFRA / "main.bicep").of("module")["oncall"]
    assert oncall.conditional
    made = read(INFRA / "modules" / "watch" / "oncall.bicep").of("resource")["group"]
    short = properties(properties(made.value)["properties"])["groupShortName"]
    assert len(literal(short)) <= 12  # the service's limit
    receivers = [
        node for node in walk(properties(made.value)["properties"]) if node.type == "object"
    ]
    assert receivers
