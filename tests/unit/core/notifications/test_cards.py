"""Cards for Teams: as the vendor's schema says, small enough, and strangers' texts are texts."""

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft6Validator

from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.notifications import card as cards
from shared.core.notifications.card import LARGEST, card, payload
from shared.core.notifications.message import Item, Message
from tests.support.builders import NOON, POOL

SCHEMA = json.loads(files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text("utf-8"))
"""Microsoft's own, of https://adaptivecards.io/schemas/1.5.0/adaptive-card.json."""
VALID = Draft6Validator(SCHEMA)
TEAMS_TAKES = 28 * 1024
HOSTILE = (
    "**bold** [a link](https://evil.example) <at>everyone</at> # head\n- list\r\n\u202egnol\u2028 &amp; "
    "`code` ![x](http://evil.example/i.png) \x1b[31m 🎉 \ud800 {{DATE(2026-11-24T00:00:00Z)}} "
)


def happening(number: int = 1, **more: Any) -> Happening:
    made = Happening(
        f"d/{number}", Kind.HOST_ATTENTION, Level.ERROR, NOON, f"a|{number}", "not well in time",
        (POOL.resource_id,), "hp-1-2", f"host-{number}", reason="patches", asked_by="anna",
        counts={"done": 2}, details=("host-1: not well",), address="https://drains.example/api/",
    )  # fmt: skip
    return replace(made, **more)


def message(*happenings: Happening, times: int = 1, kind: Kind = Kind.HOST_ATTENTION) -> Message:
    return Message("m", kind, tuple(Item(each, times, NOON) for each in happenings))


def sent(made: Message) -> dict[str, Any]:
    raw = json.loads(payload(made))
    assert raw["type"] == "message"
    [attachment] = raw["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    found: dict[str, Any] = attachment["content"]
    return found


def faults(made: dict[str, Any]) -> list[str]:
    return [f"{'/'.join(map(str, e.path))}: {e.message}"[:300] for e in VALID.iter_errors(made)]


def elements(made: Any) -> list[dict[str, Any]]:
    """All parts of a card that have a type."""
    found = []
    if isinstance(made, dict):
        found += [made] if "type" in made else []
        found += [each for value in made.values() for each in elements(value)]
    elif isinstance(made, list):
        found += [each for value in made for each in elements(value)]
    return found


def test_the_schema_refuses_what_is_no_card() -> None:
    good = sent(message(happening()))
    assert faults(good) == []
    assert faults(good | {"version": 1.5})
    assert faults(good | {"colour": "red"})
    assert faults({**good, "body": [{"type": "TextBlock"}]})
    assert faults({**good, "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun"}]}]})


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("number", [1, 2, 20])
def test_every_card_is_as_the_schema_says(kind: Kind, level: Level, number: int) -> None:
    several = [happening(n, kind=kind, level=level) for n in range(number)]
    for each in (several, [replace(h, address="", pools=(), host="", counts={}) for h in several]):
        for times in (1, 7):
            assert faults(sent(message(*each, times=times, kind=kind))) == []


@pytest.mark.parametrize("number", [1, 20])
def test_strangers_texts_stand_in_runs_that_know_no_markdown(number: int) -> None:
    pool = f"/subscriptions/s/hostPools/{HOSTILE}"
    several = [
        happening(
            n, text=HOSTILE, host=HOSTILE, reason=HOSTILE, asked_by=HOSTILE, schedule=HOSTILE, drain=HOSTILE,
            pools=(pool,) * 9, details=(HOSTILE,) * 10, counts={HOSTILE: 1},
        )
        for n in range(number)
    ]  # fmt: skip
    made = sent(message(*several))
    assert faults(made) == []
    found = elements(made)
    assert {each["type"] for each in found} <= {
        "AdaptiveCard", "Container", "TextBlock", "RichTextBlock", "TextRun", "Action.OpenUrl",
    }  # fmt: skip
    for each in found:
        if each["type"] == "TextRun":
            assert all(c.isprintable() for c in each["text"])
            assert len(each["text"]) <= 600
        else:
            texts = json.dumps({k: v for k, v in each.items() if isinstance(v, str)})
            assert "evil" not in texts
            assert "everyone" not in texts


@pytest.mark.parametrize("text", ["x" * 400, "🎉" * 400, "\\" * 400, '"' * 400, "\u202e" * 400])
def test_a_message_is_no_larger_than_teams_takes_and_says_what_it_leaves_out(text: str) -> None:
    several = [
        happening(n, text=text, host=text, reason=text, details=(text,) * 10) for n in range(20)
    ]
    for made in (message(*several), message(several[0])):
        raw = payload(made)
        assert len(raw) <= LARGEST < TEAMS_TAKES
        assert faults(sent(made)) == []
    shown = [e["text"] for e in elements(sent(message(*several))) if e["type"] == "TextRun"]
    assert any(text.endswith("more") and text.startswith("…") for text in shown) or len(shown) >= 40


def test_what_has_no_room_at_all_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "LARGEST", 700)
    made = sent(message(*(happening(n) for n in range(20))))
    assert "… and 20 more" in json.dumps(made, ensure_ascii=False)


def test_a_repeated_thing_says_how_often_it_came() -> None:
    shown = json.dumps(card(message(happening(), times=4), 1))
    assert "4 times since 2026-11-23 12:00 UTC" in shown or "4 times since" in shown


def test_without_an_address_there_is_no_button() -> None:
    assert "actions" not in card(message(happening(address="")), 1)
    [action] = card(message(happening()), 1)["actions"]
    assert action["url"] == "https://drains.example/api/board"
