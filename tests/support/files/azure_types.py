"""The resource types that infra/ uses: which properties they take, and which are read of them.

For each type with its version: its properties, with ``!`` if required. A text is one of a few, or
has a length; ``[...]`` is a list; ``{"*": ...}`` has any names. It holds what infra/ uses, and no
more: a property that is not here has not been looked up. It is written from the types.md of each
version in github.com/Azure/bicep-types-az (MIT), from which the compiler's own knowledge of types
is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text with a least and a greatest length, both included; 0 means no limit."""

    shortest: int = 0
    longest: int = 0


@dataclass(frozen=True, slots=True)
class OneOf:
    values: frozenset[str | int]


type Type = str | Text | OneOf | list["Type"] | Mapping[str, "Type"]
"""``string``, ``int``, ``bool``, ``any``; or one of the types above."""


def _one_of(*values: str | int) -> OneOf:
    return OneOf(frozenset(values))


_ON = _one_of("Enabled", "Disabled")
_TAGS: Type = {"*": "string"}
_TRACKED: dict[str, Type] = {"location!": "string", "tags": _TAGS}
_ID: Type = {"id": "string"}
_TO_A_FUNCTION: Mapping[str, Type] = {
    "properties": {
        "destination": {
            "endpointType!": _one_of("AzureFunction"),
            "properties": {"resourceId": "string", "maxEventsPerBatch": "int"},
        },
        "eventDeliverySchema": _one_of(
            "CloudEventSchemaV1_0", "CustomInputSchema", "EventGridSchema"
        ),
        "filter": {"includedEventTypes": ["string"]},
        "retryPolicy": {"eventTimeToLiveInMinutes": "int", "maxDeliveryAttempts": "int"},
    }
}
_SITE: Mapping[str, Type] = {
    **_TRACKED,
    "kind": "string",
    "identity": {
        "type": _one_of("None", "SystemAssigned", "SystemAssigned, UserAssigned", "UserAssigned"),
        "userAssignedIdentities": {"*": {}},
    },
    "properties": {
        "serverFarmId": "string",
        "httpsOnly": "bool",
        "keyVaultReferenceIdentity": "string",
        "virtualNetworkSubnetId": "string",
        "functionAppConfig": {
            "deployment": {
                "storage": {
                    "type": _one_of("blobContainer"),
                    "value": "string",
                    "authentication": {
                        "type": _one_of(
                            "StorageAccountConnectionString",
                            "SystemAssignedIdentity",
                            "UserAssignedIdentity",
                        ),
                        "userAssignedIdentityResourceId": "string",
                    },
                }
            },
            "runtime": {
                "name": _one_of(
                    "custom", "dotnet-isolated", "java", "node", "powershell", "python"
                ),
                "version": "string",
            },
            "scaleAndConcurrency": {"instanceMemoryMB": "int", "maximumInstanceCount": "int"},
        },
        "siteConfig": {
            "minTlsVersion": _one_of("1.0", "1.1", "1.2", "1.3"),
            "appSettings": [{"name": "string", "value": "string"}],
        },
    },
}
_SIGN_IN: Mapping[str, Type] = {
    "properties": {
        "platform": {"enabled": "bool", "runtimeVersion": "string"},
        "globalValidation": {
            "requireAuthentication": "bool",
            "unauthenticatedClientAction": _one_of(
                "AllowAnonymous", "RedirectToLoginPage", "Return401", "Return403"
            ),
            "excludedPaths": ["string"],
        },
        "httpSettings": {"requireHttps": "bool"},
        "identityProviders": {
            "azureActiveDirectory": {
                "enabled": "bool",
                "registration": {"clientId": "string", "openIdIssuer": "string"},
                "validation": {
                    "allowedAudiences": ["string"],
                    "defaultAuthorizationPolicy": {"allowedPrincipals": {"identities": ["string"]}},
                },
            }
        },
        "login": {"tokenStore": {"enabled": "bool"}},
    }
}
_ALERT: Mapping[str, Type] = {
    **_TRACKED,
    "kind": _one_of("LogAlert", "LogToMetric"),
    "properties!": {
        "displayName": "string",
        "description": "string",
        "severity": _one_of(0, 1, 2, 3, 4),
        "enabled": "bool",
        "scopes": ["string"],
        "evaluationFrequency": "string",
        "windowSize": "string",
        "overrideQueryTimeRange": "string",
        "criteria": {
            "allOf": [
                {
                    "query": "string",
                    "timeAggregation": _one_of("Average", "Count", "Maximum", "Minimum", "Total"),
                    "metricMeasureColumn": "string",
                    "dimensions": [
                        {
                            "name!": "string",
                            "operator!": _one_of("Include", "Exclude"),
                            "values!": ["string"],
                        }
                    ],
                    "operator": _one_of(
                        "Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"
                    ),
                    "threshold": "int",
                }
            ]
        },
        "autoMitigate": "bool",
        "skipQueryValidation": "bool",
        "actions": {"actionGroups": ["string"]},
    },
}

TYPES: Mapping[str, Mapping[str, Type]] = {
    "Microsoft.Authorization/roleAssignments@2022-04-01": {
        "properties!": {
            "principalId!": "string",
            "principalType": _one_of("Device", "ForeignGroup", "Group", "ServicePrincipal", "User"),
            "roleDefinitionId!": "string",
        }
    },
    "Microsoft.Authorization/roleDefinitions@2022-04-01": {
        "properties": {
            "roleName": "string",
            "description": "string",
            "type": "string",
            "assignableScopes": ["string"],
            "permissions": [{"actions": ["string"], "notActions": ["string"]}],
        }
    },
    "Microsoft.EventGrid/systemTopics@2025-02-15": {
        **_TRACKED,
        "properties": {"source": "string", "topicType": "string"},
    },
    "Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15": _TO_A_FUNCTION,
    "Microsoft.EventGrid/topics@2025-02-15": {
        **_TRACKED,
        "properties": {
            "inputSchema": _one_of("CloudEventSchemaV1_0", "CustomEventSchema", "EventGridSchema"),
            "disableLocalAuth": "bool",
            "publicNetworkAccess": _ON,
        },
    },
    "Microsoft.EventGrid/topics/eventSubscriptions@2025-02-15": _TO_A_FUNCTION,
    "Microsoft.Insights/actionGroups@2023-01-01": {
        **_TRACKED,
        "properties": {
            "groupShortName!": Text(1, 12),
            "enabled!": "bool",
            "emailReceivers": [
                {"name!": "string", "emailAddress!": "string", "useCommonAlertSchema": "bool"}
            ],
            "webhookReceivers": [
                {
                    "name!": "string",
                    "serviceUri!": "string",
                    "useCommonAlertSchema": "bool",
                    "useAadAuth": "bool",
                    "objectId": "string",
                    "identifierUri": "string",
                    "tenantId": "string",
                }
            ],
        },
    },
    "Microsoft.Insights/components@2020-02-02": {
        **_TRACKED,
        "kind!": "string",
        "properties": {
            "Application_Type!": _one_of("other", "web"),
            "WorkspaceResourceId": "string",
            "DisableLocalAuth": "bool",
        },
    },
    "Microsoft.Insights/scheduledQueryRules@2023-12-01": _ALERT,
    "Microsoft.Insights/workbooks@2023-06-01": {
        **_TRACKED,
        "kind": _one_of("shared"),
        "properties": {
            "displayName!": "string",
            "description": "string",
            "category!": "string",
            "version": "string",
            "sourceId": "string",
            "serializedData!": "string",
        },
    },
    "Microsoft.Logic/workflows@2019-05-01": {
        "location": "string",
        "tags": _TAGS,
        "identity": {"type!": _one_of("None", "SystemAssigned", "UserAssigned")},
        "properties": {
            "state": _one_of("Disabled", "Enabled"),
            "definition": "any",
            "parameters": {"*": "any"},
        },
    },
    "Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31": _TRACKED,
    "Microsoft.Network/privateDnsZones@2020-06-01": {"location": "string", "tags": _TAGS},
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01": {
        "location": "string",
        "tags": _TAGS,
        "properties": {"registrationEnabled": "bool", "virtualNetwork": _ID},
    },
    "Microsoft.Network/privateEndpoints@2024-05-01": {
        "location": "string",
        "tags": _TAGS,
        "properties": {
            "subnet": _ID,
            "privateLinkServiceConnections": [
                {
                    "name": "string",
                    "properties": {"privateLinkServiceId": "string", "groupIds": ["string"]},
                }
            ],
        },
    },
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01": {
        "properties": {
            "privateDnsZoneConfigs": [
                {"name": "string", "properties": {"privateDnsZoneId": "string"}}
            ]
        }
    },
    "Microsoft.Network/virtualNetworks@2024-05-01": {
        "location": "string",
        "tags": _TAGS,
        "properties": {
            "addressSpace": {"addressPrefixes": ["string"]},
            "subnets": [
                {
                    "name": "string",
                    "properties": {
                        "addressPrefix": "string",
                        "delegations": [
                            {"name": "string", "properties": {"serviceName": "string"}}
                        ],
                        "privateEndpointNetworkPolicies": _ON,
                    },
                }
            ],
        },
    },
    "Microsoft.OperationalInsights/workspaces@2023-09-01": {
        **_TRACKED,
        "name!": Text(4, 63),
        "properties": {"sku": {"name!": _one_of("PerGB2018")}, "retentionInDays": "int"},
    },
    "Microsoft.Resources/resourceGroups@2024-03-01": {**_TRACKED, "name!": Text(1, 90)},
    "Microsoft.Storage/storageAccounts@2023-05-01": {
        **_TRACKED,
        "name!": Text(3, 24),
        "kind!": _one_of("StorageV2"),
        "sku!": {"name!": _one_of("Standard_GRS", "Standard_GZRS", "Standard_LRS", "Standard_ZRS")},
        "properties": {
            "accessTier": _one_of("Cold", "Cool", "Hot", "Premium"),
            "allowBlobPublicAccess": "bool",
            "allowCrossTenantReplication": "bool",
            "allowSharedKeyAccess": "bool",
            "defaultToOAuthAuthentication": "bool",
            "minimumTlsVersion": _one_of("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"),
            "supportsHttpsTrafficOnly": "bool",
            "publicNetworkAccess": _ON,
            "networkAcls": {
                "bypass": _one_of("AzureServices", "Logging", "Metrics", "None"),
                "defaultAction!": _one_of("Allow", "Deny"),
            },
        },
    },
    "Microsoft.Storage/storageAccounts/blobServices@2023-05-01": {"name!": _one_of("default")},
    "Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01": {
        "name!": Text(3, 63),
        "properties": {"publicAccess": _one_of("Blob", "Container", "None")},
    },
    "Microsoft.Web/serverfarms@2024-04-01": {
        **_TRACKED,
        "kind": "string",
        "sku": {"name": "string", "tier": "string"},
        "properties": {"reserved": "bool"},
    },
    "Microsoft.Web/sites@2024-04-01": _SITE,
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01": {
        "name!": _one_of("ftp", "scm"),
        "properties": {"allow!": "bool"},
    },
    "Microsoft.Web/sites/config@2024-04-01": {"name!": _one_of("authsettingsV2"), **_SIGN_IN},
}

READ: Mapping[str, frozenset[str]] = {
    "Microsoft.EventGrid/topics@2025-02-15": frozenset({"properties.endpoint"}),
    "Microsoft.Insights/components@2020-02-02": frozenset({"properties.ConnectionString"}),
    "Microsoft.Logic/workflows@2019-05-01": frozenset({"identity.principalId"}),
    "Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31": frozenset(
        {"properties.clientId", "properties.principalId"}
    ),
    "Microsoft.Web/sites@2024-04-01": frozenset({"properties.defaultHostName"}),
}
"""The properties that are read of a resource besides its id and name: they are known once it is
made."""
