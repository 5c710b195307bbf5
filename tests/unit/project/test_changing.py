"""The recipes of docs/changing.md, each carried out in a copy of the tree: what it does not name needs no
change."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "changing.md").read_text(encoding="utf-8")
KNOWN = """
import json
from shared.core.drain.model import Control
from shared.adapters.storage import entities, records
from shared.wire.start import PolicyBody
from shared.wire.derived import record
from shared.api.description.openapi import document
from shared.core.policy.policy import Policy
from shared.core.maintenance.work import work_of
from tests.support.builders import a_drain
from tests.unit.project.test_docs import page

body = PolicyBody.model_validate(json.loads({body!r}))
control = a_drain(policy=record(Policy, body)).control
stored = entities.entity_of(control)
assert records.read(Control, stored).policy == control.policy
assert work_of(control.policy.maintenance).asked is control.policy.maintenance
assert {word!r} in json.dumps(document("https://app/api/"))
assert {word!r} in page()
print("known")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for part in ("shared", "tests", "docs", "local"):
        skip = shutil.ignore_patterns("__pycache__", "node_modules", "nights", "end_to_end")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=skip)
    for name in ("README.md", "local.settings.sample.json", "host.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(tree: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tree, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_kind_of_maintenance_is_two_files_a_line_and_a_case(tree: Path) -> None:
    kinds = tree / "shared" / "core" / "maintenance"
    text = (kinds / "none.py").read_text(encoding="utf-8")
    text = text.replace("NoMaintenance", "Nap").replace('"none"', '"nap"')
    (kinds / "nap.py").write_text(text, encoding="utf-8")
    union = kinds / "__init__.py"
    edited(
        union,
        "import NoMaintenance\n",
        "import NoMaintenance\nfrom shared.core.maintenance.nap import Nap\n",
    )
    edited(union, "    Hold | NoMaintenance |", "    Hold | NoMaintenance | Nap |")
    work = kinds / "work"
    text = (work / "none.py").read_text(encoding="utf-8")
    text = text.replace("maintenance.none", "maintenance.nap").replace("NoMaintenance", "Nap")
    (work / "nap.py").write_text(text.replace("NoWork", "NapWork"), encoding="utf-8")
    found = work / "__init__.py"
    line = "import NoMaintenance\n"
    edited(found, line, line + "from shared.core.maintenance.nap import Nap\n")
    line = "import HoldWork\n"
    edited(found, line, line + "from shared.core.maintenance.work.nap import NapWork\n")
    case = "        case NoMaintenance():\n"
    edited(found, case, "        case Nap():\n            return NapWork(maintenance)\n" + case)
    program = KNOWN.format(body='{"maintenance": {"kind": "nap"}}', word="nap")
    assert said(tree, program) == "known"


def test_a_field_of_the_policy_is_a_line(tree: Path) -> None:
    policy = tree / "shared" / "core" / "policy" / "policy.py"
    field = "    read_within: timedelta = described("
    new = '    naps_for: timedelta = described(\n        timedelta(0), "how long it naps",\n    )\n'
    edited(policy, field, new + field)
    program = KNOWN.format(body='{"napsFor": "PT5M"}', word="napsFor")
    assert said(tree, program) == "known"


def test_a_source_of_events_is_a_file_and_a_line(tree: Path) -> None:
    events = tree / "shared" / "events"
    (events / "naps.py").write_text(
        '"""A stub."""\n'
        "from shared.core.events.signals import Ignored, Reading\n"
        "from shared.events.envelope import Context, Envelope, Translators\n"
        "def napped(event: Envelope, context: Context) -> Reading:\n"
        '    return Ignored("it naps")\n'
        'TYPES: Translators[Reading] = {"Contoso.Napped": napped}\n',
        encoding="utf-8",
    )
    table = events / "translators.py"
    edited(table, "import health, own,", "import health, naps, own,")
    line = "    **health.TYPES,\n"
    edited(table, line, line + "    **naps.TYPES,\n")
    event = (
        '{"specversion": "1.0", "id": "1", "source": "/s", "type": "Contoso.Napped", "data": {}}'
    )
    program = (
        "from datetime import UTC, datetime\n"
        "from shared.core.access.allowed import NOTHING\n"
        "from shared.events.envelope import Context\n"
        "from shared.events.translators import translate\n"
        "context = Context(datetime(2026, 11, 23, tzinfo=UTC), '', NOTHING)\n"
        f"print(translate({event!r}, context)[1].why)"
    )
    assert said(tree, program) == "it naps"


def test_a_kind_of_receiver_is_a_file_a_word_and_a_case(tree: Path) -> None:
    rules = tree / "shared" / "core" / "notifications" / "rules.py"
    word = '    EVENT_GRID = "eventGrid"\n'
    edited(rules, word, word + '    NAP = "nap"\n')
    receivers = tree / "shared" / "adapters" / "receivers"
    (receivers / "nap.py").write_text(
        '"""A stub."""\nasync def send(url, message):\n    print(url, len(message.items))\n',
        encoding="utf-8",
    )
    named = receivers / "receivers.py"
    edited(named, "import grid, https, teams", "import grid, https, nap, teams")
    case = "            case ReceiverKind.EVENT_GRID:\n"
    new = "            case ReceiverKind.NAP:\n                await nap.send(endpoint.url, message)\n"
    edited(named, case, new + case)
    program = (
        "import asyncio, json\n"
        "from shared.settings.settings import load\n"
        "from shared.wiring import connect\n"
        "from shared.engine.notifications.trying import try_receiver\n"
        "from tests.unit.settings.test_settings import GOOD\n"
        "desk = {'kind': 'nap', 'address': 'NOTIFY_DESK'}\n"
        "said = {'receivers': {'desk': desk}, 'rules': [{'name': 'all', 'to': ['desk']}]}\n"
        "more = {'NOTIFICATIONS': json.dumps(said), 'NOTIFY_DESK': 'https://nap.example/'}\n"
        "async def tried():\n"
        "    outside = connect(load(GOOD | more))\n"
        "    from shared.core.notifications.message import Message\n"
        "    await outside.receivers.notify('desk', Message('m', 'test', ()))\n"
        "asyncio.run(tried())"
    )
    assert said(tree, program) == "https://nap.example/ 0"


def test_every_file_that_a_recipe_names_is_there() -> None:
    named = re.findall(r"`((?:shared|docs|infra|tests|local)/[\w/]+(?:\.\w+)?)/?`", PAGE)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []
