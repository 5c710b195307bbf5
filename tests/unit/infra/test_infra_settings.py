"""What infra/ tells the app, and what it allows it, is what the app reads and does."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, get_args

import pytest

from shared.api.board import FILES
from shared.api.routes import NAMED, ROUTES, Access
from shared.core.access import allowed
from shared.core.access.roles import Role
from shared.core.events.signals import Source
from shared.core.maintenance import Maintenance
from shared.core.start.doctor.sources import FUNCTION, TOPIC_TYPES
from shared.core.start.permissions import ALWAYS, TABLE, Feature, Scope
from shared.core.start.rights import Permission
from shared.events.translators import TYPES
from shared.settings.http import HttpAuth
from shared.settings.settings import Settings, load
from tests.support.files import workflows
from tests.support.files.bicep import INFRA, evaluate, literal, properties, read, text, walk

ROOT = INFRA.parent
FUNCTIONS = (ROOT / "function_app.py").read_text(encoding="utf-8")
MAIN, CONNECT = read(INFRA / "main.bicep"), read(INFRA / "connect.bicep")
WORKFLOWS = read(INFRA / "modules" / "workflows" / "workflows.bicep")
APP = read(INFRA / "modules" / "app" / "functionapp.bicep")
ROLE = read(INFRA / "modules" / "access" / "hostrole.bicep").of("variable")

OF_THE_HOST = {
    "AzureWebJobsStorage__credential",
    "AzureWebJobsStorage__blobServiceUri",
}
"""Settings that the Functions host reads, and the app does not."""

CLOUDS = {
    "public": ("https://management.azure.com/", "core.windows.net", "logic.azure.com"),
    "US Government": (
        "https://management.usgovcloudapi.net/",
        "core.usgovcloudapi.net",
        "logic.azure.us",
    ),
    "China": (
        "https://management.chinacloudapi.cn/",
        "core.chinacloudapi.cn",
        "logic.azure.cn",
    ),
}
"""What ``environment()`` says of Azure Resource Manager and storage, and where Logic Apps live."""

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-desktops"
GIVEN = {
    "join(hostGroups, ',')": GROUP,
    "string(eventRules)": '[{"name": "r", "on": "predictedLoss"}]',
    "string(schedules)": "{}",
    "string(notifications)": "{}",
    "string(access)": '[{"who": ["11111111-2222-3333-4444-555555555555"], "role": "Drain.Read"}]',
    "string(runCommands)": '{"tidy": {"script": "Remove-Item C:\\\\Temp\\\\*"}}',
    "webhookHosts": "hooks.contoso.example",
    "group.id": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-drains",
    "identity.outputs.clientId": "11111111-2222-3333-4444-555555555555",
    "topic.properties.endpoint": "https://evgt.westeurope-1.eventgrid.azure.net/api/events",
    "empty(authClientId) ? 'functionKey' : 'appService'": "functionKey",
    "empty(authClientId) ? 'false' : 'true'": "false",
    "topic.listKeys().key1": "a-key",
    "storageName": "stdrainabc",
    "identityClientId": "11111111-2222-3333-4444-555555555555",
    "insights.properties.ConnectionString": "InstrumentationKey=11111111-2222-3333-4444-555555555555;"
    "IngestionEndpoint=https://westeurope-1.in.applicationinsights.azure.com/",
}


def settings_of_the_app(
    known: Mapping[str, str], *, optional: bool, identity_only: bool = True
) -> dict[str, str]:
    """As they are deployed: those of every installation, or also those that a parameter brings."""
    made = MAIN.of("variable")["settings"].value
    assert made is not None
    always, *others = made.named_children[-1].named_children
    found = properties(always)
    for other in others if optional else []:
        for node in walk(other):
            found |= properties(node) if node.type == "object" else {}
    for variable in ("hostSettings", "identitySettings" if identity_only else "keySettings"):
        found |= properties(APP.of("variable")[variable].value)
    return {name: evaluate(value, known) for name, value in found.items()}


def in_cloud(name: str) -> dict[str, str]:
    manager, storage, _ = CLOUDS[name]
    return GIVEN | {"environment().resourceManager": manager, "storageSuffix": storage}


def actions(name: str) -> set[str]:
    """Of a list of the role, in lower case: Azure compares them so."""
    value = ROLE[name].value
    assert value is not None
    return {literal(child).lower() for child in value.named_children}


def test_each_setting_that_is_made_is_one_that_somebody_reads() -> None:
    known = {setting.name for setting in Settings.settings()} | OF_THE_HOST
    assert set(settings_of_the_app(in_cloud("public"), optional=True)) <= known


def test_each_setting_that_a_trigger_names_is_made_in_every_installation() -> None:
    made = settings_of_the_app(in_cloud("public"), optional=False)
    named = set(re.findall(r"%(\w+)%", FUNCTIONS))
    assert named == {"TICK_SCHEDULE", "WATCHDOG_SCHEDULE", "NIGHTLY_SCHEDULE"}
    assert named <= set(made)
    for connection in set(re.findall(r'connection="(\w+)"', FUNCTIONS)):
        for part in (
            "credential",
            "clientId",
            "blobServiceUri",
            "queueServiceUri",
            "tableServiceUri",
        ):
            assert made[f"{connection}__{part}"]


@pytest.mark.parametrize("optional", [False, True])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_app_starts_with_them_in_each_cloud(cloud: str, optional: bool) -> None:
    manager, storage, _ = CLOUDS[cloud]
    by_identity = cloud == "public"
    made = settings_of_the_app(in_cloud(cloud), optional=optional, identity_only=by_identity)
    settings = load(made)
    assert (settings.topic_key is None) is by_identity
    assert settings.arm_endpoint == manager
    assert settings.http_auth is HttpAuth.FUNCTION_KEY
    for service in ("queue", "table"):
        assert settings.service_uri(service) == f"https://stdrainabc.{service}.{storage}"
        unnamed = {name: v for name, v in made.items() if not name.endswith("ServiceUri")}
        derived = load({**unnamed, "AzureWebJobsStorage__accountName": "stdrainabc"})
        assert derived.service_uri(service) == settings.service_uri(service)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_app_may_call_back_the_logic_apps_of_each_cloud(cloud: str) -> None:
    settings = load(settings_of_the_app(in_cloud(cloud), optional=False))
    address = f"https://prod-01.region.{CLOUDS[cloud][2]}/workflows/1"
    assert allowed.fault_of(address, settings.allowed) == ""


def test_with_an_app_registration_the_app_relies_on_app_service_authentication() -> None:
    known = in_cloud("public") | {
        "empty(authClientId) ? 'functionKey' : 'appService'": "appService",
        "empty(authClientId) ? 'false' : 'true'": "true",
    }
    made = settings_of_the_app(known, optional=False) | {"WEBSITE_AUTH_ENABLED": "true"}
    settings = load(made)
    assert (settings.http_auth, settings.trust_principal) == (HttpAuth.APP_SERVICE, True)


def test_the_app_registration_gets_the_roles_that_the_app_asks_for() -> None:
    made = json.loads((INFRA / "approles.json").read_text(encoding="utf-8"))
    assert [role["value"] for role in made] == list(Role)
    assert len({role["id"] for role in made}) == len(made)
    for role in made:
        assert role["allowedMemberTypes"] == ["User", "Application"]
        assert role["isEnabled"]


def test_the_azure_cli_may_ask_for_the_scope_that_the_registration_offers() -> None:
    offered = json.loads((INFRA / "apiscope.json").read_text(encoding="utf-8"))["api"]
    clients = json.loads((INFRA / "apiclients.json").read_text(encoding="utf-8"))["api"]
    scopes = [scope["id"] for scope in offered["oauth2PermissionScopes"]]
    roles = json.loads((INFRA / "approles.json").read_text(encoding="utf-8"))
    assert not set(scopes) & {role["id"] for role in roles}, "ids are one space in a registration"
    for client in clients["preAuthorizedApplications"]:
        assert client["delegatedPermissionIds"] == scopes
    issuer = (INFRA / "modules" / "access" / "authentication.bicep").read_text(encoding="utf-8")
    assert f"/v{offered['requestedAccessTokenVersion']}.0'" in issuer


def test_only_what_holds_no_secret_is_open_beside_the_events() -> None:
    """The answers of webhooks have a token in their path, and no wildcard fits it."""
    open_paths = (
        read(INFRA / "modules" / "access" / "authentication.bicep")
        .of("variable")["openPaths"]
        .value
    )
    assert open_paths is not None
    found = {literal(child) for child in open_paths.named_children}
    anonymous = [route.path for route in ROUTES if route.access is Access.ANYBODY]
    plain = {f"/api/{path}" for path in anonymous if "{" not in path}
    files = {f"/api/board/{name}" for name in FILES}
    assert found == plain | files | {"/runtime/webhooks/EventGrid"}


def test_the_functions_that_events_and_alerts_reach_are_there() -> None:
    named = set()
    for file in (CONNECT, read(INFRA / "modules" / "events" / "alerts.bicep")):
        named |= set(re.findall(r"/functions/(\w+)'", file.code))
    assert named == {"hear_event", "hear_alert"}
    assert re.search(r"eventGridTrigger.*\nasync def hear_event\(", FUNCTIONS)
    alert = NAMED["hear_alert"]
    assert (alert.method, alert.path) == ("POST", "alerts")


def test_the_app_hears_the_events_that_it_understands() -> None:
    heard = set()
    for file in (CONNECT, read(INFRA / "modules" / "events" / "requests.bicep")):
        for node in walk(file.tree):
            if (
                node.type == "object_property"
                and "eventtypes" in text(node.named_children[0]).lower()
            ):
                heard |= {literal(child) for child in node.named_children[-1].named_children}
    assert heard - {"eventTypes"} == set(TYPES)


ON_HOSTS = frozenset({Scope.POOLS, Scope.MACHINES})


def of_the_table(features: Collection[Feature], scopes: Collection[Scope] = ON_HOSTS) -> set[str]:
    return {
        right.action.lower()
        for right in TABLE
        if right.scope in scopes and set(features) & set(right.features)
    }


def test_the_role_has_what_every_drain_needs_and_no_more() -> None:
    assert actions("drain") == of_the_table(ALWAYS)


@pytest.mark.parametrize("feature", [f for f in Feature if f not in ALWAYS and of_the_table([f])])
def test_the_role_has_what_each_feature_needs_and_no_more(feature: Feature) -> None:
    assert actions(feature) == of_the_table([feature])


def test_a_kind_of_maintenance_that_works_on_vms_has_rights_in_the_table_and_no_other_has() -> None:
    kinds = {kind().kind: kind().works_on_vm for kind in get_args(Maintenance)}
    for name, works_on_vm in kinds.items():
        listed = name in set(Feature) and bool(of_the_table([Feature(name)]))
        assert listed is works_on_vm, name


@pytest.mark.parametrize(
    ("role", "scope"), [("runRole", Scope.CONFIGURATIONS), ("sourceRole", Scope.SOURCES)]
)
def test_the_roles_elsewhere_have_what_is_needed_there_and_no_more(role: str, scope: Scope) -> None:
    rights = read(INFRA / "modules" / "access" / "rights.bicep").of("module")
    given = properties(properties(rights[role].value)["params"])["actions"]
    found = {literal(child).lower() for child in given.named_children}
    assert found == of_the_table(list(Feature), {scope})


def test_the_system_topics_are_of_the_kinds_that_the_doctor_looks_for() -> None:
    source = read(INFRA / "connect.bicep").code
    assert set(re.findall(r"topicType: '(\S+)'", source)) == set(TOPIC_TYPES.values())
    assert set(TOPIC_TYPES) == set(Source) - {Source.ALERT}
    assert f"/functions/{FUNCTION}'" in source


def test_a_reader_of_subscriptions_may_all_that_is_needed_there() -> None:
    """Resource Graph leaves out what one may not read, and says nothing: see docs/permissions.md."""
    reader = Permission(("*/read",))
    needed = of_the_table(list(Feature), {Scope.SUBSCRIPTION})
    assert needed
    assert all(reader.allows(action) for action in needed)
    given = read(INFRA / "modules" / "access" / "rights.bicep").of("module")["reader"]
    assert given.type == "subscriptionreader.bicep"


def test_each_feature_of_the_role_can_be_chosen_and_is_used() -> None:
    allowed = set(
        re.findall(r"'(\w+)'", MAIN.of("parameter")["hostFeatures"].decorators["allowed"])
    )
    lists = set(ROLE) - {"drain"}
    assert lists == {f for f in Feature if f not in ALWAYS and of_the_table([f])}
    source = read(INFRA / "modules" / "access" / "hostrole.bicep").code
    used = re.findall(r"contains\(features, '(\w+)'\) \? (\w+) : \[\]", source)
    assert allowed == lists == {feature for feature, name in used if feature == name}


@pytest.mark.parametrize("name", workflows.NAMES)
def test_a_logic_app_is_given_the_parameters_of_its_definition(name: str) -> None:
    module = next(m for m in WORKFLOWS.of("module").values() if f"/{name}.json" in m.source)
    calling = properties(WORKFLOWS.of("variable")["calling"].value)
    value = properties(properties(module.value)["params"])["parameters"]
    given = set(calling) if re.search(r"\bcalling\b", text(value)) else set()
    inside = [n for n in walk(value) if n.parent is not None and n.parent.type == "arguments"]
    objects = [value] if value.type == "object" else [n for n in inside if n.type == "object"]
    for node in objects:
        given |= set(properties(node))
    known: dict[str, Any] = workflows.load(name)["definition"]["parameters"]
    assert given <= set(known)
    assert {n for n, parameter in known.items() if "defaultValue" not in parameter} <= given


def test_rules_and_schedules_are_empty_as_they_come_and_read_as_the_app_reads_them() -> None:
    made = {
        "EVENT_RULES": (INFRA / "rules.json").read_text(encoding="utf-8"),
        "SCHEDULES": (INFRA / "schedules.json").read_text(encoding="utf-8"),
        "ACCESS": (INFRA / "access.json").read_text(encoding="utf-8"),
        "NOTIFICATIONS": (INFRA / "notifications.json").read_text(encoding="utf-8"),
    }
    assert [json.loads(value) for value in made.values()] == [[], {}, [], {}]
    settings = load(settings_of_the_app(in_cloud("public"), optional=False) | made)
    assert (settings.event_rules, settings.schedules, settings.access) == ((), (), ())
    assert settings.notifications is None
