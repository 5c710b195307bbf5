# After the code is published: bring events and alerts to it, and make the Logic Apps.
$ErrorActionPreference = 'Stop'
Set-Location (Split-Path $PSScriptRoot)

az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none
if ($LASTEXITCODE -ne 0) { throw 'the Azure CLI must be signed in as well, and see this subscription: az login' }

# Event Grid takes a subscription only when the function is there; that can take a minute or two.
foreach ($try in 1..30) {
    az functionapp function show --subscription $env:AZURE_SUBSCRIPTION_ID `
        --resource-group $env:AZURE_RESOURCE_GROUP --name $env:SERVICE_APP_NAME `
        --function-name hear_event --output none 2>$null
    if ($LASTEXITCODE -eq 0) { break }
    if ($try -eq 30) {
        throw "the app $env:SERVICE_APP_NAME does not show its functions: did it start?"
    }
    Start-Sleep -Seconds 10
}

az deployment group create `
    --name avd-drain-connect `
    --subscription $env:AZURE_SUBSCRIPTION_ID `
    --resource-group $env:AZURE_RESOURCE_GROUP `
    --parameters connect.bicepparam `
    --output none
if ($LASTEXITCODE -ne 0) { throw 'the deployment of connect.bicep failed' }

& ./hooks/doctor.ps1
