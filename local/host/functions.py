"""The function app, loaded and invoked by the public runtime in this process."""

import json
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from azure_functions_runtime import handle_event
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.native_invocation import invocation_request_native
from azure_functions_runtime.utils.threadpool import start_threadpool_executor

from local.host.records import StatusResult, protos


class AppError(Exception):
    """The function app cannot be loaded."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function with its bindings, from its own metadata."""

    id: str
    name: str
    bindings: tuple[dict[str, Any], ...]

    @property
    def trigger(self) -> dict[str, Any]:
        return next(b for b in self.bindings if str(b["type"]).lower().endswith("trigger"))

    @property
    def kind(self) -> str:
        return str(self.trigger["type"]).lower()

    def output(self, name: str) -> dict[str, Any]:
        return next(b for b in self.bindings if b["name"] == name)


@dataclass(frozen=True, slots=True)
class Invoked:
    """The result of an invocation. ``outputs`` are pairs of binding name and value."""

    ok: bool
    value: Any
    outputs: tuple[tuple[str, Any], ...]
    error: str


async def load(folder: Path) -> list[Function]:
    """Load ``function_app.py`` and list its functions. Works once per process. Raises AppError."""
    sys.path.insert(0, str(folder))
    start_threadpool_executor()
    told = SimpleNamespace(capabilities={}, function_app_directory=str(folder))
    request = SimpleNamespace(
        request=SimpleNamespace(worker_init_request=told),
        properties={"protos": protos(), "host": "127.0.0.1"},
    )
    began: Any = await handle_event.worker_init_request(request)
    if began.result.status != StatusResult.Success:
        exception = began.result.exception
        raise AppError(f"{exception.message}\n{getattr(exception, 'stack_trace', '')}")
    found: Any = await handle_event.functions_metadata_request(request)
    metadata = found.function_metadata_results
    if not metadata:
        raise AppError(f"no functions in {folder}")
    return [
        Function(m.function_id, m.name, tuple(json.loads(b) for b in m.raw_bindings))
        for m in metadata
    ]


async def invoke(
    function: Function, value: Datum, trigger_metadata: dict[str, Datum] | None = None
) -> Invoked:
    """Invoke a function with its trigger's value."""
    ok, returned, outputs, error, _ = await invocation_request_native(
        str(uuid.uuid4()),
        function.id,
        [(function.trigger["name"], value)],
        trigger_metadata or {},
    )
    return Invoked(ok, returned, tuple((name, datum) for name, datum in outputs), error or "")
