"""What the host waits for: nothing that is heavy is loaded before it is used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bare import bare
from tests.unit.settings.test_settings import GOOD

ROOT = Path(__file__).parents[3]
INDEXED = "import function_app; function_app.app.get_functions()"
SAMPLE = json.loads((ROOT / "local.settings.sample.json").read_text(encoding="utf-8"))["Values"]
DEPLOYED = GOOD | {"EVENT_RULES": "[]", "SCHEDULES": "{}"}
"""As infra/ makes them where nobody has written a rule or a schedule."""

HEAVY = (
    "aiohttp", "azure.core", "azure.data", "azure.eventgrid", "azure.identity",
    "azure.mgmt", "azure.storage", "cryptography", "icalendar", "pydantic", "requests",
)  # fmt: skip
OURS = ("shared.adapters", "shared.engine", "shared.events", "shared.triggers", "shared.wire",
        "shared.wiring", "shared.api.handlers")  # fmt: skip


def loaded_by(code: str, settings: dict[str, str]) -> set[str]:
    """The modules that an interpreter has loaded that ran nothing else."""
    environ = bare(settings | {"PYTHONPATH": str(ROOT)})
    words = [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"]
    told = subprocess.run(words, env=environ, capture_output=True, text=True, check=True)
    return set(told.stdout.split())


def of(modules: set[str], names: tuple[str, ...]) -> list[str]:
    return sorted(m for m in modules if any(m == n or m.startswith(f"{n}.") for n in names))


@pytest.mark.parametrize("settings", [GOOD, DEPLOYED, SAMPLE], ids=["least", "deployed", "sample"])
def test_the_functions_are_listed_with_routes_and_settings_and_nothing_else(
    settings: dict[str, str],
) -> None:
    loaded = loaded_by(INDEXED, settings)
    assert of(loaded, HEAVY) == []
    assert of(loaded, OURS) == []
    assert of(loaded, ("shared.core",)) == [
        "shared.core",
        "shared.core.access",
        "shared.core.access.allowed",
        "shared.core.access.roles",
        "shared.core.values",
        "shared.core.values.durations",
        "shared.core.values.usernames",
    ]


def test_patterns_are_compiled_only_where_a_script_has_parameters() -> None:
    assert of(loaded_by(INDEXED, GOOD), ("re2",)) == []
    assert "re2" in loaded_by(INDEXED, SAMPLE)


FIRST = """
import asyncio, function_app
from shared.api.routes import NAMED
from shared.triggers import {trigger}
async def connect():
    function_app.drain_app._connected()
asyncio.run(connect())
"""


def test_the_first_request_does_not_wait_for_what_only_others_need() -> None:
    """The table it needs, and the handler; no identity with a connection string, no client of the control
    plane, no queue, no step."""
    loaded = loaded_by(FIRST.format(trigger="requests") + "NAMED['list_drains'].handler", GOOD)
    assert of(loaded, ("azure.data.tables.aio", "shared.api.handlers.drains.drains"))
    others = ("azure.identity", "azure.mgmt", "azure.storage", "azure.eventgrid", "re2", "requests",
              "cryptography", "icalendar", "shared.engine.step.step", "shared.core.flow.flow",
              "shared.api.description")  # fmt: skip
    assert of(loaded, others) == []


def test_the_first_step_does_not_wait_for_the_api() -> None:
    loaded = loaded_by(FIRST.format(trigger="queues"), GOOD)
    assert of(loaded, ("shared.engine.step.step",))
    others = ("azure.identity", "azure.mgmt", "azure.storage", "azure.eventgrid", "re2", "requests",
              "shared.api.handlers", "shared.api.views", "shared.api.http")  # fmt: skip
    assert of(loaded, others) == []


def test_a_tick_with_nothing_due_does_not_wait_for_what_a_step_needs() -> None:
    loaded = loaded_by(FIRST.format(trigger="tick"), GOOD)
    assert of(loaded, ("shared.engine.timers.overdue",))
    assert of(loaded, ("shared.engine.step", "azure.mgmt", "azure.identity", "azure.storage")) == []
