// What needs the published code: events and alerts that reach the app, and Logic Apps that call it.
targetScope = 'resourceGroup'

@description('Name of the installation, as main.bicep was given it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of the Logic Apps.')
@minLength(1)
param location string = resourceGroup().location

@description('Name of the function app: the output SERVICE_APP_NAME of main.bicep.')
@minLength(2)
@maxLength(60)
param appName string

@description('Name of the app\'s topic: the output SERVICE_APP_TOPIC of main.bicep.')
@minLength(3)
@maxLength(50)
param topicName string

@description('Whether the app hears of the health of this subscription\'s VMs.')
param watchHealth bool = true

@description('Whether the app hears of scheduled events of this subscription\'s VMs (preview).')
param watchScheduledEvents bool = true

@description('Resource ids of the maintenance configurations of Update Manager whose runs the app hears of; in this subscription.')
@maxLength(100)
param maintenanceConfigurations string[] = []

@description('Region of these maintenance configurations.')
@minLength(1)
param maintenanceLocation string = location

@description('Application ID URI of the app registration; empty where the app takes function keys.')
@maxLength(250)
param audience string = ''

@description('Object id of the app registration, for alerts. Without it, no alerts come where the app takes no function keys.')
@maxLength(36)
param registrationObjectId string = ''

@description('Whether to make the Logic App logic_apps/start-and-wait.json.')
param withStartAndWait bool = false

@description('Whether to make the Logic App logic_apps/nightly.json.')
param withNightly bool = false

@description('Whether to make the Logic App logic_apps/approval-first.json.')
param withApprovalFirst bool = false

@description('Whether to make the Logic App logic_apps/patch-host.json.')
param withPatchHost bool = false

@description('Where the Logic Apps tell how it went: the address of a Teams workflow.')
@secure()
param teamsUrl string = ''

@description('Resource ids of the host pools that nightly drains, in their order.')
@maxLength(100)
param nightlyPools string[] = []

@description('Mail address of who approves in approval-first.')
@maxLength(254)
param approver string = ''

@description('Resource id of an authorised API connection to Office 365, for approval-first.')
param office365ConnectionId string = ''

@description('Resource ids of the resource groups with the VMs that patch-host patches.')
@maxLength(100)
param patchGroups string[] = []

var token = uniqueString(resourceGroup().id)
var tags = { 'azd-env-name': environmentName }
var functionId = '${app.id}/functions/hear_event'
var byKey = empty(audience)

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

module requests 'modules/events/requests.bicep' = {
  name: 'requests'
  params: {
    topicName: topicName
    functionId: functionId
  }
}

module health 'modules/events/systemtopic.bicep' = if (watchHealth) {
  name: 'health'
  params: {
    name: 'egst-health-${token}'
    location: 'global'
    tags: tags
    source: subscription().id
    topicType: 'Microsoft.ResourceNotifications.HealthResources'
    eventTypes: [
      'Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged'
      'Microsoft.ResourceNotifications.HealthResources.ResourceAnnotated'
    ]
    functionId: functionId
  }
}

module scheduled 'modules/events/systemtopic.bicep' = if (watchScheduledEvents) {
  name: 'scheduled'
  params: {
    name: 'egst-scheduled-${token}'
    location: 'global'
    tags: tags
    source: subscription().id
    topicType: 'Microsoft.ResourceNotifications.MaintenanceResources'
    eventTypes: [
      'Microsoft.ResourceNotifications.MaintenanceResources.ScheduledEventEmitted'
    ]
    functionId: functionId
  }
}

module runs 'modules/events/systemtopic.bicep' = [
  for id in maintenanceConfigurations: {
    name: 'runs-${uniqueString(toLower(id))}'
    params: {
      name: 'egst-runs-${uniqueString(toLower(id))}'
      location: maintenanceLocation
      tags: tags
      source: id
      topicType: 'Microsoft.Maintenance.MaintenanceConfigurations'
      eventTypes: [
        'Microsoft.Maintenance.PostMaintenanceEvent'
        'Microsoft.Maintenance.PreMaintenanceEvent'
      ]
      functionId: functionId
    }
  }
]

module alerts 'modules/events/alerts.bicep' = if (byKey || !empty(registrationObjectId)) {
  name: 'alerts'
  params: {
    name: 'ag-avd-drain-${token}'
    tags: tags
    appName: appName
    audience: audience
    registrationObjectId: byKey ? '' : registrationObjectId
  }
}

module workflows 'modules/workflows/workflows.bicep' = {
  name: 'workflows'
  params: {
    token: token
    location: location
    tags: tags
    appName: appName
    audience: audience
    withStartAndWait: withStartAndWait
    withNightly: withNightly
    withApprovalFirst: withApprovalFirst
    withPatchHost: withPatchHost
    teamsUrl: teamsUrl
    nightlyPools: nightlyPools
    approver: approver
    office365ConnectionId: office365ConnectionId
    patchGroups: patchGroups
  }
}

@description('Resource id of the action group; empty where there is none.')
output ACTION_GROUP_ID string = byKey || !empty(registrationObjectId) ? alerts!.outputs.id : ''

@description('Object ids of the identities of the Logic Apps that call the app; each empty where there is none.')
output WORKFLOW_PRINCIPAL_IDS object = workflows.outputs.principalIds
