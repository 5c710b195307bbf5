# Prints what the app finds of itself. Nothing that it finds, and no failure to ask, fails a deployment.
$ErrorActionPreference = 'Continue'

$hostName = az functionapp show --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP `
    --name $env:SERVICE_APP_NAME --query defaultHostName --output tsv
if ($env:SERVICE_APP_AUDIENCE) {
    "To see whether all is well: avd-drain doctor --url https://$hostName --scope $env:SERVICE_APP_AUDIENCE/.default"
    exit 0
}
$key = az functionapp keys list --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP `
    --name $env:SERVICE_APP_NAME --query functionKeys.default --output tsv

try {
    Invoke-RestMethod -TimeoutSec 180 -Headers @{ 'x-functions-key' = $key } `
        -Uri "https://$hostName/api/doctor?format=markdown"
}
catch { "The app did not say whether all is well; ask again: docs/runbook.md ($_)" }
exit 0
