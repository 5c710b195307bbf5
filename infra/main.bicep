// avd-drain in Azure: all but what needs the published code, which is connect.bicep's.
targetScope = 'subscription'

@description('Name of this installation; it becomes part of names and tags.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of everything. It must offer Flex Consumption.')
@minLength(1)
@metadata({ azd: { type: 'location' } })
param location string

@description('Resource ids of the resource groups that hold the host pools, their VMs and scaling plans. The app may work in these only. They may lie in other subscriptions of the tenant.')
@maxLength(100)
param hostGroups string[] = []

@description('What drains may do in these groups; without a feature its actions are not granted. restart, redeploy, deallocate and runCommand are kinds of maintenance; messages and signOut are for users; scalingPlans sets the tag that keeps autoscale away; hostUpdate sees the vendor\'s own session host update. docs/permissions.md lists the actions of each.')
@allowed([
  'deallocate'
  'hostUpdate'
  'messages'
  'redeploy'
  'restart'
  'runCommand'
  'scalingPlans'
  'signOut'
])
param hostFeatures array = [
  'deallocate'
  'hostUpdate'
  'messages'
  'redeploy'
  'restart'
  'scalingPlans'
  'signOut'
]

@description('Resource ids of maintenance configurations of Update Manager, whose runs the app may see and cancel.')
@maxLength(100)
param maintenanceConfigurations string[] = []

@description('Ids of the subscriptions in which the app looks for the machines of a run, by Resource Graph: it becomes their reader.')
@maxLength(100)
param readSubscriptions string[] = []

@description('Whether storage is reached by private endpoints only, through a network made for it.')
param privateNetwork bool = false

@description('Address range of that network: a /24 or larger.')
@minLength(9)
@maxLength(18)
param networkPrefix string = '10.90.0.0/24'

@description('How the storage is replicated.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param storageSku string = 'Standard_ZRS'

@description('Memory of an instance in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Most instances at the same time.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('How many days telemetry is kept.')
@minValue(30)
@maxValue(730)
param retentionInDays int = 30

@description('Alert rules that are on: docs/alerts.md has them. A rule that is not named here is made and does nothing.')
@allowed([
  'drain-failed'
  'host-attention'
  'host-overdue'
  'no-tick'
  'poison-message'
  'throttled'
  'writes-refused'
])
param alerts array = [
  'drain-failed'
  'host-attention'
  'host-overdue'
  'no-tick'
  'poison-message'
  'throttled'
  'writes-refused'
]

@description('Mail addresses that alerts go to.')
@maxLength(20)
param alertMails string[] = []

@description('Resource ids of action groups of yours that alerts go to.')
@maxLength(5)
param alertActionGroups string[] = []

@description('Whether telemetry and the app\'s events go by identity only. False in clouds other than the public one: then they go by keys.')
param identityOnly bool = true

@description('Client id of the app registration by which Microsoft Entra ID lets callers in; empty for function keys.')
@maxLength(36)
param authClientId string = ''

@description('Application ID URI of that registration; empty for api:// and its client id.')
@maxLength(250)
param authAudience string = ''

@description('Object ids of the users and identities that are let in; empty for everybody who gets a token for the registration. What each may do is said by their app roles, or by access.')
@maxLength(100)
param callers string[] = []

@description('Who may do what, as docs/azure.md has it under ACCESS; empty for what app roles say.')
param access array = []

@description('Rules for events, as docs/event-grid.md has them.')
param eventRules array = []

@description('Schedules by name, as docs/schedules.md has them.')
param schedules object = {}

@description('Receivers of notifications and the rules for them, as docs/notifications.md has them. The settings that they name, with addresses and keys, are given in extraSettings: best as references to Key Vault.')
param notifications object = {}

@description('Scripts that drains may run on hosts, as docs/settings.md has them under RUN_COMMANDS.')
@secure()
param runCommands object = {}

@description('Host names that the app may call on a caller\'s request, separated by commas; empty for those of Logic Apps in every public cloud.')
param webhookHosts string = ''

@description('Other settings of docs/settings.md by name, each a text. They come before those that are made here.')
@secure()
param extraSettings object = {}

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }
var audience = empty(authAudience) ? 'api://${authClientId}' : authAudience

var settings = union(
  {
    ARM_ENDPOINT: environment().resourceManager
    ARM_CREDENTIAL: 'managedIdentity'
    ARM_CLIENT_ID: identity.outputs.clientId
    EVENT_GROUPS: group.id
    TICK_SCHEDULE: '0 * * * * *'
    WATCHDOG_SCHEDULE: '30 */5 * * * *'
    NIGHTLY_SCHEDULE: '15 * * * * *'
    HTTP_AUTH: empty(authClientId) ? 'functionKey' : 'appService'
    TRUST_CLIENT_PRINCIPAL: empty(authClientId) ? 'false' : 'true'
  },
  empty(hostGroups) ? {} : { HOST_POOLS: join(hostGroups, ',') },
  empty(eventRules) ? {} : { EVENT_RULES: string(eventRules) },
  empty(schedules) ? {} : { SCHEDULES: string(schedules) },
  empty(notifications) ? {} : { NOTIFICATIONS: string(notifications) },
  empty(access) ? {} : { ACCESS: string(access) },
  empty(runCommands) ? {} : { RUN_COMMANDS: string(runCommands) },
  empty(webhookHosts) ? {} : { WEBHOOK_HOSTS: webhookHosts },
  extraSettings
)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/access/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-avd-drain-${token}'
    location: location
    tags: tags
  }
}

module storage 'modules/app/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'stdrain${token}'
    location: location
    tags: tags
    sku: storageSku
    packageContainer: 'package-${token}'
    privateOnly: privateNetwork
    principalId: identity.outputs.principalId
  }
}

module telemetry 'modules/watch/telemetry.bicep' = {
  name: 'telemetry'
  scope: group
  params: {
    workspaceName: 'log-avd-drain-${token}'
    name: 'appi-avd-drain-${token}'
    location: location
    tags: tags
    retentionInDays: retentionInDays
    identityOnly: identityOnly
    principalId: identity.outputs.principalId
  }
}

module oncall 'modules/watch/oncall.bicep' = if (!empty(alertMails)) {
  name: 'oncall'
  scope: group
  params: {
    name: 'ag-avd-drain-oncall-${token}'
    tags: tags
    mails: alertMails
  }
}

module alertRules 'modules/watch/alertrules.bicep' = {
  name: 'alertrules'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    workspaceId: telemetry.outputs.workspaceId
    alerts: alerts
    actionGroups: empty(alertMails) ? alertActionGroups : concat(alertActionGroups, [oncall!.outputs.id])
  }
}

module workbook 'modules/watch/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: telemetry.outputs.workspaceId
  }
}

module topic 'modules/events/topic.bicep' = {
  name: 'topic'
  scope: group
  params: {
    name: 'evgt-avd-drain-${token}'
    location: location
    tags: tags
    identityOnly: identityOnly
    principalId: identity.outputs.principalId
  }
}

module network 'modules/app/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-avd-drain-${token}'
    location: location
    tags: tags
    addressPrefix: networkPrefix
  }
}

module endpoints 'modules/app/endpoints.bicep' = if (privateNetwork) {
  name: 'endpoints'
  scope: group
  params: {
    storageName: storage.outputs.name
    location: location
    tags: tags
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
  }
}

module plan 'modules/app/plan.bicep' = {
  name: 'plan'
  scope: group
  params: {
    name: 'asp-avd-drain-${token}'
    location: location
    tags: tags
  }
}

module app 'modules/app/functionapp.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: 'func-avd-drain-${token}'
    planId: plan.outputs.id
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packageContainer: storage.outputs.packageContainer
    insightsName: telemetry.outputs.name
    topicName: topic.outputs.name
    identityOnly: identityOnly
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    settings: settings
  }
  dependsOn: [
    endpoints
  ]
}

module authentication 'modules/access/authentication.bicep' = if (!empty(authClientId)) {
  name: 'authentication'
  scope: group
  params: {
    appName: app.outputs.name
    clientId: authClientId
    audience: audience
    callers: callers
  }
}

module rights 'modules/access/rights.bicep' = {
  name: 'rights-${token}'
  params: {
    token: token
    principalId: identity.outputs.principalId
    hostGroups: hostGroups
    hostFeatures: hostFeatures
    maintenanceConfigurations: maintenanceConfigurations
    readSubscriptions: readSubscriptions
    eventGroups: [group.id]
  }
}

@description('Resource group of the app.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output SERVICE_APP_NAME string = app.outputs.name

@description('Address of the app.')
output SERVICE_APP_ADDRESS string = 'https://${app.outputs.hostName}'

@description('Object id of the identity of the app, for rights that you give by hand.')
output SERVICE_APP_PRINCIPAL_ID string = identity.outputs.principalId

@description('Name of the topic of the app\'s own events.')
output SERVICE_APP_TOPIC string = topic.outputs.name

@description('Application ID URI that callers get tokens for; empty where the app takes function keys.')
output SERVICE_APP_AUDIENCE string = empty(authClientId) ? '' : audience
