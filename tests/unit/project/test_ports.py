"""The ports are a contract: every call says what it promises, and every port what its calls raise."""

import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from shared.ports import azure, documents, inbox, outgoing, store, work

MODULES = (azure, documents, inbox, outgoing, store, work)


def ports() -> Iterator[tuple[ModuleType, type]]:
    for module in MODULES:
        for _, port in inspect.getmembers(module, inspect.isclass):
            if getattr(port, "_is_protocol", False) and port.__module__ == module.__name__:
                yield module, port


CALLS = [
    pytest.param(call, id=f"{port.__name__}.{name}")
    for _, port in ports()
    for name, call in vars(port).items()
    if inspect.isfunction(call) and not name.startswith("_")
]


@pytest.mark.parametrize("call", CALLS)
def test_every_call_says_what_it_promises(call: object) -> None:
    assert inspect.getdoc(call)


@pytest.mark.parametrize(("module", "port"), [p for p in ports() if p[1].__name__ != "Clock"])
def test_every_port_says_what_is_raised(module: ModuleType, port: type) -> None:
    said = [inspect.getdoc(module) or "", inspect.getdoc(port) or ""]
    said += [inspect.getdoc(call) or "" for call in vars(port).values() if inspect.isfunction(call)]
    assert any("aises" in text for text in said)
