// What the app may do outside its own resource group, and where.
targetScope = 'subscription'

@description('Tells this installation from others, in the names of roles.')
@minLength(13)
@maxLength(13)
param token string

@description('Object id of the identity of the app.')
@minLength(36)
@maxLength(36)
param principalId string

@description('Resource ids of the resource groups that hold the host pools, their VMs and scaling plans.')
param hostGroups string[]

@description('What drains may do in these groups.')
param hostFeatures string[]

@description('Resource ids of maintenance configurations of Update Manager, whose runs the app may see and cancel.')
param maintenanceConfigurations string[]

@description('Ids of the subscriptions that the app may read.')
param readSubscriptions string[]

@description('Resource ids of the resource groups of the topics that bring events.')
param eventGroups string[]

// Each once, however it is written: a role that is given twice to the same identity is refused.
var groups = union(map(hostGroups, id => replace(toLower(id), '/resourcegroups/', '/resourceGroups/')), [])
var configurations = map(maintenanceConfigurations, id => replace(toLower(id), '/resourcegroups/', '/resourceGroups/'))
var runGroups = union(map(configurations, id => join(take(split(id, '/'), 5), '/')), [])

module hostRole 'hostrole.bicep' = if (!empty(groups)) {
  name: 'hostrole-${token}'
  params: {
    name: 'avd-drain hosts ${token}'
    scopes: groups
    features: hostFeatures
  }
}

module hostRights 'grouprights.bicep' = [
  for id in groups: {
    name: 'hostrights-${uniqueString(id, token)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      principalId: principalId
      roleId: hostRole!.outputs.roleId
    }
  }
]

module runRole 'customrole.bicep' = if (!empty(runGroups)) {
  name: 'runrole-${token}'
  params: {
    name: 'avd-drain maintenance runs ${token}'
    purpose: 'Sees maintenance runs of Update Manager, and cancels one when users remain.'
    scopes: runGroups
    actions: [
      'Microsoft.Maintenance/applyUpdates/read'
      'Microsoft.Maintenance/applyUpdates/write'
    ]
  }
}

module runRights 'grouprights.bicep' = [
  for id in runGroups: {
    name: 'runrights-${uniqueString(id, token)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      principalId: principalId
      roleId: runRole!.outputs.roleId
    }
  }
]

module sourceRole 'customrole.bicep' = if (!empty(eventGroups)) {
  name: 'sourcerole-${token}'
  params: {
    name: 'avd-drain event sources ${token}'
    purpose: 'Sees which Event Grid subscriptions bring events.'
    scopes: eventGroups
    actions: [
      'Microsoft.EventGrid/systemTopics/eventSubscriptions/read'
      'Microsoft.EventGrid/systemTopics/read'
      'Microsoft.EventGrid/topics/eventSubscriptions/read'
      'Microsoft.EventGrid/topics/read'
    ]
  }
}

module sourceRights 'grouprights.bicep' = [
  for id in eventGroups: {
    name: 'sourcerights-${uniqueString(id, token)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      principalId: principalId
      roleId: sourceRole!.outputs.roleId
    }
  }
]

module reader 'subscriptionreader.bicep' = [
  for id in readSubscriptions: {
    name: 'reader-${uniqueString(id, token)}'
    scope: subscription(id)
    params: {
      principalId: principalId
    }
  }
]
