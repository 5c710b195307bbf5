"""Plain records that the runtime fills in. The real host has protocol buffers there."""

from types import SimpleNamespace
from typing import Any


class Record(SimpleNamespace):
    """A record with whatever attributes it is given."""


class StatusResult(Record):
    Failure = 0
    Success = 1


class BindingInfo(Record):
    """Direction and type of a binding, as the runtime passes them. Directions have the real host's
    numbers."""

    in_ = 0
    out = 1
    inout = 2


class FunctionMetadata(Record):
    pass


def protos() -> Any:
    """A stand-in for the runtime's module of protocol buffers."""
    plain = (
        "FunctionMetadataResponse WorkerInitResponse WorkerMetadata RpcException RpcRetryOptions"
    )
    records = dict.fromkeys(plain.split(), Record)
    return SimpleNamespace(
        StatusResult=StatusResult,
        BindingInfo=BindingInfo,
        RpcFunctionMetadata=FunctionMetadata,
        **records,
    )
