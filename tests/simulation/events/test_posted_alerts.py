"""Alerts as action groups post them: 202 for what is understood, also for what is not for this app."""

import json
from typing import Any

import pytest

from shared.api.handlers.events import alert, simulate
from shared.api.http.web import Request
from shared.errors import RequestRefusedError
from tests.support.callers.callers import ANNA
from tests.support.night.night import Night

BUDGET: dict[str, Any] = {
    "schemaId": "azureMonitorCommonAlertSchema",
    "data": {
        "essentials": {
            "alertId": "/subscriptions/1/providers/Microsoft.CostManagement/alerts/b",
            "alertRule": None,
            "monitorCondition": None,
            "monitoringService": "CostAlerts",
            "alertTargetIDs": None,
        }
    },
}


def posted(body: bytes) -> Request:
    return Request("POST", "https://app.example/api/", {}, {}, {}, body, caller=ANNA)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
async def test_an_alert_on_a_budget_is_taken_ignored_and_listed(mark: str) -> None:
    night = Night(hosts=1)
    came = await alert(night.process.outside, posted((mark + json.dumps(BUDGET)).encode()), "them")
    assert (came.status, json.loads(came.text)["outcome"]) == (202, "ignored")
    assert json.loads(came.text)["until"] is None
    [heard] = (await night.process.outside.inbox.events(10, None)).items
    assert "without a condition" in heard.text


@pytest.mark.parametrize("handler", [alert, simulate])
@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
async def test_a_body_in_another_encoding_is_told_so(handler: Any, encoding: str) -> None:
    outside = Night(hosts=1).process.outside
    body = json.dumps(BUDGET | {"who": "J\u00f6rg"}, ensure_ascii=False).encode(encoding)
    try:
        text = (await handler(outside, posted(body), "them")).text
    except RequestRefusedError as refused:
        text = refused.text
    assert "UTF-8" in text
