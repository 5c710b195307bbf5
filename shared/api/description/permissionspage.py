"""The page that lists the app's rights, made from the table: ``python -m shared.api.description.permissionspage``."""

from collections.abc import Iterator, Sequence

from shared.core.start.permissions import ALWAYS, TABLE, Feature, Scope

_HEAD = """# Permissions

Every action of Azure Resource Manager that the app uses, and nothing else. `infra/` grants these by custom roles: of
the [features](#features) below, those that are chosen. To give rights by hand, make a role of the actions of the features
you use. A dry run tells which of them are missing, and a start is refused with all of them, each with its scope and
a built-in role that has it; for that the app reads its own rights, and without that right it says that they could not
be told.

**Without the right to read scaling plans or the vendor's own session host update, no host goes out:** what is not
known is never taken to be absent. Who knows that no update runs says `duringHostUpdate: ignore`.

This page is made from the table that a start reads (`python -m shared.api.description.permissionspage`); tests hold
the page and `infra/` to it, and the table to the calls that the app makes.
"""

_WHERE = {
    Scope.POOLS: "On the resource groups of the host pools, or on what holds them:",
    Scope.MACHINES: (
        "On the resource groups of their VMs. A VM alone is not enough: the address of an operation"
        " that is under way does not name it, and Azure then asks for the right on the group."
    ),
    Scope.CONFIGURATIONS: (
        "On the maintenance configurations of Update Manager, or their resource groups:"
    ),
    Scope.SUBSCRIPTION: (
        "On the subscriptions of the machines of a run, and of the pools whose conditions are asked. Resource Graph"
        " does not refuse to tell what may not be read: it leaves the rows out, so that an alert which may not be read"
        " looks like none. Therefore `infra/` makes the app Reader here, which the vendor names as enough, instead of"
        " a role of these actions alone."
    ),
    Scope.SOURCES: (
        "On the resource groups of the topics that bring events, which `EVENT_GROUPS` names. Nothing but the doctor"
        " needs them."
    ),
}


def page() -> str:
    parts = [_HEAD]
    for scope in Scope:
        parts += [f"\n## On {scope.value}\n\n{_WHERE[scope]}", *_rights(scope)]
    parts += ["\n## Features", *_features()]
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _rights(scope: Scope) -> Iterator[str]:
    yield "\n| action | for | used by |\n| --- | --- | --- |"
    for right in TABLE:
        if right.scope is scope:
            yield f"| `{right.action}` | {_all(right.features)} | {_all(right.calls)} |"


def _features() -> Iterator[str]:
    yield "\n| feature | what it is | |\n| --- | --- | --- |"
    for feature in Feature:
        yield f"| `{feature}` | {feature.meaning} | {_chosen(feature)} |"


def _chosen(feature: Feature) -> str:
    scopes = {right.scope for right in TABLE if feature in right.features}
    if feature in ALWAYS:
        return "always granted"
    if scopes <= {Scope.POOLS, Scope.MACHINES}:
        return "chosen by `hostFeatures`"
    named = {
        Scope.CONFIGURATIONS: "`maintenanceConfigurations`",
        Scope.SUBSCRIPTION: "`readSubscriptions`",
        Scope.SOURCES: "the app's own resource group, always",
    }
    return ("granted on " if scopes == {Scope.SOURCES} else "granted by ") + ", ".join(
        name for scope, name in named.items() if scope in scopes
    )


def _all(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    print(page(), end="")
