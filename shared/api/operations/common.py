"""Examples and parameters that several addresses share."""

from shared.api.operations.kinds import Parameter

POOL = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-desktops"
    "/providers/Microsoft.DesktopVirtualization/hostPools/hp-finance"
)
REQUEST = {
    "hostPool": POOL,
    "hosts": "all",
    "reason": "monthly patches",
    "policy": {
        "maxUnavailable": "25%",
        "deadline": "PT2H",
        "atDeadline": "signOut",
        "maintenance": {"kind": "restart"},
    },
}
CAMPAIGN = {
    "reason": "November patches",
    "waves": [
        {"name": "pilots", "drains": [{**REQUEST, "hosts": ["avd-fin-1"]}]},
        {"name": "everybody", "sideBySide": 2, "failures": 1, "drains": [REQUEST]},
    ],
}
ALERT = {
    "schemaId": "azureMonitorCommonAlertSchema",
    "data": {
        "essentials": {
            "alertId": "/subscriptions/…/providers/Microsoft.AlertsManagement/alerts/1",
            "alertRule": "disk almost full",
            "severity": "Sev1",
            "monitorCondition": "Fired",
            "alertTargetIDs": [
                "/subscriptions/…/resourcegroups/rg-desktops/providers/microsoft.compute"
                "/virtualmachines/avd-fin-1"
            ],
            "firedDateTime": "2026-11-24T22:00:00Z",
        },
        "alertContext": {},
    },
}
TOP = Parameter("$top", "how many at most", kind={"type": "integer", "minimum": 1, "maximum": 200})
SKIP = Parameter("$skipToken", "where the next page begins; `nextLink` has it", advanced=True)
OF_POOL = Parameter("hostPool", "only of the host pool with this resource id")
REPEAT = Parameter(
    "Repeatability-Request-ID",
    "a repeated request with the same value finds the drain that the first one started",
    "header",
    {"type": "string", "maxLength": 200},
)
IF_MATCH = Parameter("If-Match", "the drain's ETag as it was read, or *", "header", required=True)
WATCH = ("Location", "Operation-Location", "Retry-After", "ETag")
