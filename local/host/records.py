"""The plain records that the runtime fills in, where the real host has protocol buffers."""

from types import SimpleNamespace
from typing import Any


class Record(SimpleNamespace):
    """A record of whatever it is given."""


class StatusResult(Record):
    Failure = 0
    Success = 1


class BindingInfo(Record):
    """Direction and type as the runtime passes them; the directions as the real host numbers
    them."""

    in_ = 0
    out = 1
    inout = 2


class FunctionMetadata(Record):
    pass


def protos() -> Any:
    """What the runtime takes for its module of protocol buffers."""
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
