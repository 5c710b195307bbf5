"""Whatever a name holds, it is a value in the filters and queries that the app sends: it ends no string and adds no
condition. What is looked at is what the vendor's library would send, and what the query language would read."""

import re
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import pytest
from azure.core.pipeline.transport import AsyncHttpTransport
from azure.data.tables.aio import TableServiceClient
from hypothesis import example, given, strategies as st

from shared.adapters.azure.updateruns import AzureUpdateRuns
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.core.conditions.alertfiring import NoAlertFiring
from shared.core.conditions.asking import AskGraph, literal
from shared.core.conditions.serviceissue import NoServiceIssue
from shared.errors import RejectedError

ROOT = Path(__file__).parents[4]
HOSTILE = st.text(
    st.sampled_from(list("'\"\\|()@ -/;%&=\n\r\t\x00abØ漢\u2028")), max_size=40
) | st.text(max_size=40)
AZURITE = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
    "TableEndpoint=http://127.0.0.1:1/devstoreaccount1;"
)
ODATA = re.compile(r"'((?:[^']|'')*)'")
"""A string of OData: a quote in it is doubled."""
KUSTO = re.compile(r"'((?:[^'\\\n\r]|\\.)*)'")
"""A string of Kusto: a backslash takes what comes after it as it is; a line ends none."""


class SentError(Exception):
    def __init__(self, url: str) -> None:
        self.url = url


class Transport(AsyncHttpTransport[Any, Any]):
    """Sends nothing, and says what it was to send."""

    async def send(self, request: Any, **options: Any) -> Any:
        raise SentError(request.url)

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None: ...


async def filter_of(partition: str, first: str, last: str, where: dict[str, str]) -> str:
    """As it would be sent."""
    service = TableServiceClient.from_connection_string(AZURITE, transport=Transport())
    table = AzureTable(service, "pools")
    table._client = service.get_table_client("pools")
    with pytest.raises(SentError) as sent:
        await table.scan(partition, first, last, 5, where)
    [found] = parse_qs(urlsplit(sent.value.url).query, keep_blank_values=True)["$filter"]
    return found


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
@example("' or PartitionKey ne '", "'", "''", "x' or 1 eq 1 or 'a' eq 'a")
@example("@first", "@last", "@where0", "@partition")
async def test_a_table_is_asked_for_what_was_meant_and_nothing_else(
    partition: str, first: str, last: str, value: str
) -> None:
    sent = await filter_of(partition, first, last, {"caller": value})
    assert ODATA.sub("?", sent) == (
        "PartitionKey eq ? and RowKey ge ? and RowKey lt ? and caller eq ?"
    )
    meant = [partition, first, last, value]
    assert [found.replace("''", "'") for found in ODATA.findall(sent)] == meant


def shape(query: str) -> str:
    return KUSTO.sub("?", query)


@given(HOSTILE)
@example("' | union AuthorizationResources //")
@example("\\' or true or '")
@example("x\\")
def test_a_query_of_resource_graph_has_one_shape_whatever_the_name_is(name: str) -> None:
    alerts, issues = (
        NoAlertFiring(rule=name or "x").ask(),
        NoServiceIssue(service=name or "x").ask(),
    )
    assert isinstance(alerts, AskGraph)
    assert isinstance(issues, AskGraph)
    assert shape(alerts.query) == shape(NoAlertFiring(rule="x").ask().query)
    assert shape(issues.query) == shape(NoServiceIssue(service="x").ask().query)


@given(HOSTILE)
def test_a_literal_is_the_text_without_its_controls(text: str) -> None:
    [inner] = KUSTO.findall(literal(text))
    assert KUSTO.fullmatch(literal(text))
    assert re.sub(r"\\(.)", r"\1", inner) == "".join(c for c in text if c >= " ")


@pytest.mark.parametrize(
    "end", ["' or true or '", "\n", "\n' | union x", "|", " ", "/../../x", "?a=b", "%27", "\\"]
)
async def test_what_is_no_run_of_update_manager_becomes_no_part_of_a_query(end: str) -> None:
    run = (
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/"
        "Microsoft.Maintenance/maintenanceConfigurations/mc/providers/Microsoft.Maintenance/"
        f"applyUpdates/20261124220000{end}"
    )
    nobody: Any = None
    with pytest.raises(RejectedError):
        await AzureUpdateRuns(nobody).machines(run, ["11111111-2222-3333-4444-555555555555"])


def test_every_query_is_made_in_a_place_that_is_tried_here() -> None:
    """A new place that writes a query, or a filter, owes a test."""
    words = re.compile(
        r"\| where |query_entities\(|PartitionKey eq |list_entities\(|Microsoft\.ResourceGraph/resources"
    )
    found = {
        str(path.relative_to(ROOT / "shared"))
        for path in (ROOT / "shared").rglob("*.py")
        if words.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "adapters/azure/arm/graph.py",
        "adapters/azure/updateruns.py",
        "adapters/storage/tables/query.py",
        "core/conditions/alertfiring.py",
        "core/conditions/serviceissue.py",
    }
