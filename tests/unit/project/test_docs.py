"""The pages say what the code does."""

import re
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from shared.api.description import permissionspage
from shared.api.description.policypage import page
from shared.core.conditions import Condition
from shared.core.drain import announcements
from shared.core.drain.happenings import Kind, Level
from shared.core.events.records import EventOutcome
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.notifications import message
from shared.core.notifications.rules import ReceiverKind
from shared.core.schedules.schedules import Missed, RunState
from shared.core.values.window import AtWindowEnd
from shared.events.health import MEANS
from shared.events.translators import TYPES
from shared.settings.documents.event_rules import RuleSetting, read_rules
from shared.settings.documents.notifications import (
    NotificationRuleSetting,
    QuietSetting,
    ReceiverSetting,
    read as read_notifications,
)
from shared.wire.bodies import read
from shared.wire.campaigns import CampaignBody, WaveBody
from shared.wire.derived import Body
from shared.wire.orders import ExtendBody, HostsBody, OrderBody, PauseBody, ReleaseBody
from shared.wire.schedules import ScheduleBody
from shared.wire.start import SelectionBody, StartBody
from tests.support.builders import POOL

ROOT = Path(__file__).parents[3]
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EVENTS = (ROOT / "docs" / "event-grid.md").read_text(encoding="utf-8")
NIGHTS = (ROOT / "docs" / "schedules.md").read_text(encoding="utf-8")
POLICY_PAGE = ROOT / "docs" / "policy.md"
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_example_in_the_readme_is_a_request_that_the_app_takes() -> None:
    found = re.search(r"-d '(\{.*?\n\})'", README, re.DOTALL)
    assert found is not None
    body = read(StartBody, found[1].replace("'$POOL'", POOL.resource_id).encode())
    assert body.hosts == ["avd-fin-1", "hp-finance/avd-fin-5.contoso.example"]


def test_the_orders_on_the_page_are_orders_that_the_app_takes_in_both_shells() -> None:
    shown = re.findall(r"^order (\w+)(?: '(\{.*\})')?$", API, re.MULTILINE)
    bodies: dict[str, type[Body]] = {
        "extend": ExtendBody,
        "skip": HostsBody,
        "pause": PauseBody,
        "resume": OrderBody,
        "release": ReleaseBody,
        "cancel": OrderBody,
    }
    assert [name for name, _ in shown] == list(bodies)
    for name, body in shown:
        read(bodies[name], body.encode(), optional=True)
    assert list(bodies) == re.findall(r"^Order (\w+)", API, re.MULTILINE)


def test_every_field_of_a_request_is_explained() -> None:
    for kind in (StartBody, SelectionBody, PauseBody, ExtendBody):
        for field in kind.model_fields.values():
            assert re.search(rf"`(\w+\.)?{field.alias}[`.]", API), field.alias


def test_the_page_on_the_policy_is_made_from_the_types() -> None:
    assert POLICY_PAGE.read_text(encoding="utf-8") == page()


def test_the_page_on_permissions_is_made_from_the_table() -> None:
    written = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert written == permissionspage.page()


def test_every_phase_and_status_is_named() -> None:
    for word in (*Phase, *Status):
        assert f"`{word}`" in API


def test_every_error_code_that_a_caller_may_see_is_explained() -> None:
    sources = [
        *(ROOT / "shared" / "api").rglob("*.py"),
        *(ROOT / "shared" / "engine").rglob("*.py"),
        *(ROOT / "shared" / "wire").rglob("*.py"),
    ]
    sources += [ROOT / "shared/errors.py", ROOT / "shared/core/values/hostnames.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    pattern = r'(?:Fault|NameFault|RequestRefusedError)\(\s*(?:RefusalKind\.\w+,\s*)?"(\w+)"'
    codes = set(re.findall(pattern, text)) | set(re.findall(r': \("([A-Z]\w+)", "', text))
    assert len(codes) > 10
    assert sorted(code for code in codes if f"`{code}`" not in API) == []


def test_every_page_and_heading_that_is_linked_exists() -> None:
    """Headings become anchors as GitHub makes them."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")]
    broken = []
    for page_ in pages:
        text = re.sub(r"```.*?```", "", page_.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
            target = page_.parent / link if link else page_
            if not target.exists():
                broken.append(f"{page_.name}: {link}")
            elif anchor and anchor not in anchors(target):
                broken.append(f"{page_.name}: {link}#{anchor}")
    assert not broken


def anchors(page_: Path) -> set[str]:
    text = re.sub(r"```.*?```", "", page_.read_text(encoding="utf-8"), flags=re.DOTALL)
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_picture_of_a_drain_in_the_readme_has_every_phase_in_order() -> None:
    [line] = [line for line in README.splitlines() if line.startswith(" queued ")]
    [off] = [line for line in README.splitlines() if "off the path" in line]
    assert [*re.findall(r"\w+", line), *re.findall(r"\w+", off.rpartition(":")[2])] == list(Phase)


def test_the_readme_names_what_is_in_the_tree() -> None:
    tree = README.rpartition("```\nfunction_app.py")[2]
    for name in re.findall(r"^((?:\w+/ ?)+)", "x/ " + tree, re.MULTILINE)[1:]:
        for part in name.split():
            assert (ROOT / part).is_dir(), part


def test_the_rules_on_the_page_about_events_are_rules_that_the_app_takes() -> None:
    [found] = re.findall(r"```json\n(\[.*?\n\])\n```", EVENTS, re.DOTALL)
    assert len(read_rules(found)) == 4


def test_every_field_of_a_rule_and_every_event_type_is_explained() -> None:
    for field in RuleSetting.model_fields.values():
        assert f"`{field.alias}`" in EVENTS
    announced = (announcements.STARTED, announcements.ENDED, announcements.HOST_OUT,
                 announcements.NEEDS_ATTENTION)  # fmt: skip
    for name in (*TYPES, *announced):
        assert name in EVENTS or f"`{name.rsplit('.', 1)[-1]}`" in EVENTS, name
    for name in MEANS:
        assert name in EVENTS or "WithRedeployDeadline" in name
    for outcome in EventOutcome:
        assert f"`{outcome}`" in EVENTS


def test_the_schedule_and_the_campaign_on_their_page_are_taken_and_every_field_is_explained() -> (
    None
):
    schedule, campaign = re.findall(r"```json\n(\{.*?\n\})\n```", NIGHTS, re.DOTALL)
    assert read(ScheduleBody, schedule.encode()).drain is not None
    assert len(read(CampaignBody, campaign.encode()).waves) == 2
    for kind in (ScheduleBody, WaveBody):
        for field in kind.model_fields.values():
            assert f"`{field.alias}`" in NIGHTS or f'"{field.alias}"' in NIGHTS, field.alias
    for word in (*RunState, *AtWindowEnd, *Missed):
        assert f"`{word}`" in NIGHTS
    for condition in get_args(Condition):
        assert f"`{condition().kind}`" in NIGHTS


def test_the_page_on_the_architecture_names_every_district_and_files_that_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    there = {
        path.parent.name
        for part in ("core", "engine", "api")
        for path in (ROOT / "shared" / part).glob("*/__init__.py")
    }
    assert named == there
    for name in re.findall(r"`((?:[a-z]+/)*[a-z_]+\.py)`", text):
        assert [*ROOT.glob(name), *(ROOT / "shared").rglob(name)], name


def test_powershell_says_the_same_as_curl_in_the_conversation() -> None:
    told, shell = API.split("## One conversation", 1)[1].split("### The same in PowerShell", 1)
    curls = re.findall(r"^curl -i \"\$APP(\S+)\"(.*)$", told, re.MULTILINE)
    twins = re.findall(r"Invoke-\w+ \"\$App(\S+)\"(.*)$", shell, re.MULTILINE)

    def body(words: str) -> str:
        found = re.search(r"'(\{\".*\})'", words)
        return found[1].replace("'$POOL'", "POOL") if found else ""

    assert len(curls) == 8
    assert [(at.replace("$ID", "$Id"), body(words)) for at, words in curls] == [
        (at, body(words)) for at, words in twins
    ]
    assert ["If-Match" in words for _, words in curls] == ["If-Match" in w for _, w in twins]


def test_powershell_says_the_same_as_bash_in_the_readme() -> None:
    for text in (
        "avd-fin-1",
        "hp-finance/avd-fin-5.contoso.example",
        "new graphics driver",
        "PT1H",
    ):
        assert text in README.split("```powershell", 1)[1].split("```", 1)[0]


def test_a_page_that_shows_curl_shows_powershell_too() -> None:
    for page_ in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = page_.read_text(encoding="utf-8")
        if re.search(r"^curl ", text, re.MULTILINE):
            assert "```powershell" in text, page_.name


POSIX_ONLY = re.compile(
    r"\\\n|^export |^[A-Z_]+=|^source |\$\(|\$[A-Z]+\b|/dev/null|<<", re.MULTILINE
)
"""What PowerShell takes otherwise, or not at all: a line that goes on, a variable that is set or used, ..."""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_command_is_for_one_shell_alone(path: Path) -> None:
    """What works in bash only has its twin next to it; what has no shell's name works in each."""
    found = re.findall(
        r"^```(\w*)\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    for (shell, text), (then, _) in pairwise([*found, ("", "")]):
        if shell == "bash":
            assert then == "powershell", text
        elif shell == "":
            assert not POSIX_ONLY.search(text), text


def test_the_setting_on_the_page_about_notifications_is_taken_and_every_field_is_explained() -> (
    None
):
    text = (ROOT / "docs" / "notifications.md").read_text(encoding="utf-8")
    found = re.findall(r"```json\n(\{.*?\n\})\n```", text, re.DOTALL)
    known = read_notifications(found[0])
    assert {each.kind for each in known.receivers} == set(ReceiverKind)
    for body in (NotificationRuleSetting, QuietSetting, ReceiverSetting):
        for field in body.model_fields.values():
            assert f"`{field.alias}`" in text, field.alias
    for word in (*Level, *(kind for kind in Kind if kind is not Kind.TEST)):
        assert f"`{word}`" in text
    for kind in Kind:
        assert f"`{message.type_of(kind)}`" in text
    [inline] = re.findall(r"'NOTIFICATIONS=(\{.*?\})'", text)
    assert read_notifications(inline).rules
