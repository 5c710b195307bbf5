"""The pages say what the code does."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared.api.bodies import MaintenanceBody, MessageBody, PolicyBody, StartBody, read
from shared.api.resources import policy_resource
from shared.core.phases import Phase
from shared.core.policy import Policy
from shared.core.status import Status
from tests.support.builders import POOL

ROOT = Path(__file__).parents[2]
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_in_the_readme_is_a_request_that_the_app_takes() -> None:
    found = re.search(r"-d '(\{.*?\n\})'", README, re.DOTALL)
    assert found is not None
    body = read(StartBody, found[1].replace("'$POOL'", POOL.resource_id).encode())
    assert body.hosts == ["avd-fin-1", "hp-finance/avd-fin-5.contoso.example"]


@pytest.mark.parametrize("kind", [StartBody, PolicyBody, MaintenanceBody, MessageBody])
def test_every_field_of_a_request_is_explained(kind: type[BaseModel]) -> None:
    for field in kind.model_fields.values():
        assert re.search(rf"`(\w+\.)?{field.alias}[`.]", API), field.alias


def test_every_default_of_the_policy_is_told() -> None:
    for name, value in policy_resource(Policy()).items():
        if name != "message":
            told = value.items() if isinstance(value, dict) else [("", value)]
            for part, default in told:
                row = re.search(rf"\| `{name}{'.' if part else ''}{part}` \| `([^`]*)`", API)
                assert row is not None, (name, part)
                assert row[1] == str(default).replace("False", "false")


def test_every_phase_and_status_is_named() -> None:
    for word in (*Phase, *Status):
        assert f"`{word}`" in API


def test_every_error_code_that_a_caller_may_see_is_explained() -> None:
    sources = [*(ROOT / "shared" / "api").glob("*.py"), ROOT / "shared/engine/intake.py"]
    sources += [ROOT / "shared/errors.py", ROOT / "shared/core/hostnames.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    pattern = r'(?:Fault|NameFault|RequestRefusedError)\(\s*(?:RefusalKind\.\w+,\s*)?"(\w+)"'
    codes = set(re.findall(pattern, text)) | set(re.findall(r': \("([A-Z]\w+)", "', text))
    assert len(codes) > 10
    assert sorted(code for code in codes if f"`{code}`" not in API) == []


def test_every_page_that_is_linked_exists() -> None:
    for page in (README, API):
        for link in re.findall(r"\]\((docs/[^)#]+)", page):
            assert (ROOT / link).exists(), link
