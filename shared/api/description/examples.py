"""Requests as a reader may copy them."""

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
