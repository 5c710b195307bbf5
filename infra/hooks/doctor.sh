#!/bin/sh
# Prints what the app finds of itself. Nothing that it finds, and no failure to ask, fails a deployment.
set -u

host=$(az functionapp show --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
  --name "$SERVICE_APP_NAME" --query defaultHostName --output tsv)
if [ -n "${SERVICE_APP_AUDIENCE:-}" ]; then
  echo "To see whether all is well: avd-drain doctor --url https://$host --scope $SERVICE_APP_AUDIENCE/.default"
  exit 0
fi
key=$(az functionapp keys list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
  --name "$SERVICE_APP_NAME" --query functionKeys.default --output tsv)

# The key goes in by stdin: arguments are seen by everybody on the machine.
printf 'x-functions-key: %s\n' "$key" |
  curl --silent --show-error --fail --max-time 180 --header @- "https://$host/api/doctor?format=markdown" ||
  echo "The app did not say whether all is well; ask again: docs/runbook.md"
exit 0
