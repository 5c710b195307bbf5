"""Upgrades the JSON of records that older versions wrote to the next schema, before it is read."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pydantic import TypeAdapter

from shared.core.drain.history import prose
from shared.core.drain.history.facts import Fact, Ordered
from shared.core.drain.history.history import APP

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]


def _control_1(record: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 knew one message, sent at the beginning."""
    policy = record["policy"]
    policy["messages"] = [policy.pop("message")] if "message" in policy else []
    return record


def _host_1(record: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 knew one operation, a restart, and stored it beside the rest of the maintenance."""
    noted = record["maintenance"]
    if noted.get("begun_at") is not None and noted.get("finished_at") is None:
        record["maintenance"]["job"] = {
            "what": "restart",
            "changed_before": noted.get("changed_before"),
            "asked_at": noted["begun_at"],
            "operation": noted.get("operation"),
            "unsure_since": noted.get("unsure_since"),
        }
    for intent in record.get("intents", ()):
        if intent["action"]["kind"] == "restart":
            intent["action"] |= {"kind": "power", "what": "restart"}
    for session in record.get("sessions", ()):
        session["told"] = min(1, session.get("notices", 0))
    return record


def _control_2(record: dict[str, Any]) -> dict[str, Any]:
    """Up to schema 2 a campaign's pause was recognized by the name of who asked for it."""
    for pause in record.get("pauses", ()):
        pause["campaign"] = prose.campaign_of(pause["asked"]["by"])
    return record


def _claim_2(record: dict[str, Any]) -> dict[str, Any]:
    """Up to schema 2 a claim's note held what was refused to the watchdog."""
    return {**record, "refused": prose.refused(record.get("note", ""))}


def _entry_2(record: dict[str, Any]) -> dict[str, Any]:
    """Up to schema 2 an entry was a sentence; an entry about an order had fields beside it."""
    ordered = TypeAdapter[Any](Ordered | None).validate_python(record.pop("ordered", None))
    fact = prose.fact_of(record.pop("what"), ordered)
    by, asked_by = prose.asked_by(record.get("by", APP))
    raw = TypeAdapter[Any](Fact).dump_python(fact, mode="json")
    return {**record, "fact": raw, "by": by, "asked_by": asked_by}


def _control_3(record: dict[str, Any]) -> dict[str, Any]:
    for addition in record.get("additions", ()):
        _rename(addition, "kept", "kept_drained")
    return record


def _host_3(record: dict[str, Any]) -> dict[str, Any]:
    _rename(record, "kept", "kept_drained")
    for session in (*record.get("sessions", ()), *record.get("missed", ())):
        _rename(session, "told", "messages_done")
        _rename(session, "notices", "messages_sent")
    for intent in record.get("intents", ()):
        _rename(intent["action"], "notice", "number")
    return record


def _overview_3(record: dict[str, Any]) -> dict[str, Any]:
    _rename(record["progress"], "turn", "step_number")
    return record


def _rename(record: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Rename a field if it is there: a field with its default may be left out."""
    if old in record:
        record[new] = record.pop(old)
    return record


UPGRADES: Mapping[tuple[str, int], Upgrade] = {
    ("control", 1): _control_1,
    ("host", 1): _host_1,
    ("control", 2): _control_2,
    ("claim", 2): _claim_2,
    ("entry", 2): _entry_2,
    ("control", 3): _control_3,
    ("progress", 3): partial(_rename, old="turn", new="step_number"),
    ("overview", 3): _overview_3,
    ("host", 3): _host_3,
    ("claim", 3): partial(_rename, old="kept", new="kept_drained"),
    ("moments", 3): partial(_rename, old="told", new="report_taken"),
    ("lanes", 3): partial(_rename, old="told", new="sent"),
}
"""By kind of record (for a document, its partition) and schema, the function that turns its JSON
into that of the next schema."""
