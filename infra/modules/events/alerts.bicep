// The action group that posts alerts of Azure Monitor to the app.

@description('Name of the action group.')
@minLength(1)
@maxLength(260)
param name string

@description('Tags of the action group.')
param tags object

@description('Name of the function app.')
@minLength(2)
@maxLength(60)
param appName string

@description('Application ID URI of the app registration; empty where the app takes function keys.')
param audience string

@description('Object id of the app registration; empty where the app takes function keys.')
param registrationObjectId string

var byEntra = !empty(registrationObjectId)
var address = 'https://${app.properties.defaultHostName}/api/alerts'

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'avd-drain'
    enabled: true
    webhookReceivers: [
      {
        name: 'avd-drain'
        useCommonAlertSchema: true
        useAadAuth: byEntra
        objectId: byEntra ? registrationObjectId : null
        identifierUri: byEntra ? audience : null
        tenantId: byEntra ? tenant().tenantId : null
        // The key of this function alone: it lets nobody start a drain.
        serviceUri: byEntra
          ? address
          : '${address}?code=${uriComponent(listKeys('${app.id}/functions/hear_alert', '2024-04-01').default)}'
      }
    ]
  }
}

@description('Resource id of the action group: name it in your alert rules.')
output id string = group.id
