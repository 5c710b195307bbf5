"""The page that explains the policy, made from the types: ``python -m shared.api.description.policypage``."""

import json
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from pydantic.alias_generators import to_camel

from shared.api.description.operation import one_line
from shared.core.conditions import Condition
from shared.core.maintenance import Maintenance
from shared.core.policy.policy import Message, MinimumCapacity, Policy, Translation
from shared.core.values.window import Window
from shared.wire.derived import as_written

_HEAD = """# The policy

How gently a drain goes, how many hosts at once, how long, what then. A request says only what is
to differ from the defaults; durations are ISO 8601, percentages are written `"25%"`. A field that
nobody knows is refused, and so is a policy that cannot be meant.

This page is made from the types that check the requests (`python -m shared.api.description.policypage`), and a
test holds it to them.
"""


def page() -> str:
    parts = [_HEAD, *_table("", Policy)]
    parts += ["\n## `minimumCapacity`\n", *_table("minimumCapacity.", MinimumCapacity)]
    parts += ["\n## `messages`\n", *_table("messages[].", Message)]
    parts += [
        "\n### `messages[].translations`\n",
        *_table("messages[].translations[].", Translation),
    ]
    parts.append("\n## `maintenance`\n")
    for kind in get_args(Maintenance):
        parts.append(f"\n### `{kind().kind}`\n\n{one_line(kind.__doc__)}\n")
        parts += _table("maintenance.", kind, without=("kind",))
    parts += ["\n## `window`\n", *_table("window.", Window)]
    parts.append("\n## `conditions`\n")
    for condition in get_args(Condition):
        parts.append(f"\n### `{condition().kind}`\n\n{one_line(condition.__doc__)}\n")
        parts += _table("conditions[].", condition, without=("kind",))
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _table(prefix: str, record: Any, without: tuple[str, ...] = ()) -> Iterator[str]:
    rows = [f for f in fields(record) if f.name not in without]
    if not rows:
        return
    hints = get_type_hints(record)
    yield "\n| field | default | meaning | example |\n| --- | --- | --- | --- |"
    for row in rows:
        meaning = f"{row.metadata['meaning']}{_words(hints[row.name])}"
        yield (
            f"| `{prefix}{to_camel(row.name)}` | {_default(row)} | {meaning} | {_example(row)} |"
        )


def _words(hint: Any) -> str:
    """The words of an enum, behind what the field means."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return f" (one of {', '.join(f'`{word}`' for word in hint)})"
    return ""


def _default(row: "Field[Any]") -> str:
    value = row.default if not callable(row.default_factory) else row.default_factory()
    if is_dataclass(value) and hasattr(value, "kind"):
        return f"`{value.kind}`"
    if value is None or value in ("", ()):
        return "none"
    written = as_written(value)
    return "see below" if isinstance(written, list) else f"`{_json(written)}`"


def _example(row: "Field[Any]") -> str:
    found = row.metadata.get("example")
    return f"`{_json(found)}`" if found is not None else ""


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    print(page(), end="")
