#!/bin/sh
# After the code is published: bring events and alerts to it, and make the Logic Apps.
set -eu
cd "$(dirname "$0")/.."

az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none ||
  { echo 'the Azure CLI must be signed in as well, and see this subscription: az login' >&2; exit 1; }

# Event Grid takes a subscription only when the function is there; that can take a minute or two.
tries=0
until az functionapp function show --subscription "$AZURE_SUBSCRIPTION_ID" \
  --resource-group "$AZURE_RESOURCE_GROUP" --name "$SERVICE_APP_NAME" \
  --function-name hear_event --output none 2>/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "the app $SERVICE_APP_NAME does not show its functions: did it start?" >&2
    exit 1
  fi
  sleep 10
done

az deployment group create \
  --name avd-drain-connect \
  --subscription "$AZURE_SUBSCRIPTION_ID" \
  --resource-group "$AZURE_RESOURCE_GROUP" \
  --parameters connect.bicepparam \
  --output none

sh hooks/doctor.sh
