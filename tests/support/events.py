"""Events as their sources publish them, in both schemas."""

import json
from typing import Any

from tests.support.builders import POOL

REQUEST = {
    "hostPool": POOL.resource_id,
    "hosts": "all",
    "reason": "patches",
    "policy": {"maintenance": {"kind": "hold"}},
}


def event_grid(type_: str, data: Any, id_: str = "1", subject: str = "estate/night") -> str:
    return json.dumps(
        {
            "id": id_,
            "topic": "/subscriptions/1/resourceGroups/rg/providers/Microsoft.EventGrid/topics/t",
            "subject": subject,
            "eventType": type_,
            "data": data,
            "dataVersion": "1.0",
            "metadataVersion": "1",
            "eventTime": "2026-11-23T22:00:00Z",
        }
    )


def cloud_event(type_: str, data: Any, id_: str = "1", subject: str = "estate/night") -> str:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": id_,
            "source": "/tools/night",
            "subject": subject,
            "type": type_,
            "data": data,
            "time": "2026-11-23T22:00:00Z",
        }
    )
