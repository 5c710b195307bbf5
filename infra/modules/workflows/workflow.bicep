// One Logic App, with an identity of its own.

@description('Name of the Logic App.')
@minLength(1)
@maxLength(80)
param name string

@description('Region of the Logic App.')
param location string

@description('Tags of the Logic App.')
param tags object

@description('Its definition, as a file of logic_apps has it.')
param definition object

@description('Its parameters, each as {value: ...}.')
@secure()
param parameters object

@description('Whether its identity may list its own runs, and so recognise a call that is repeated.')
param readsItsRuns bool = false

resource workflow 'Microsoft.Logic/workflows@2019-05-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    state: 'Enabled'
    definition: definition
    parameters: parameters
  }
}

module runsRole '../access/customrole.bicep' = if (readsItsRuns) {
  name: 'runsrole-${uniqueString(workflow.id)}'
  scope: subscription()
  params: {
    name: 'avd-drain runs of ${name}'
    purpose: 'Lists the runs of a Logic App.'
    scopes: [resourceGroup().id]
    actions: ['Microsoft.Logic/workflows/runs/read']
  }
}

resource runsRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (readsItsRuns) {
  name: guid(workflow.id, name)
  scope: workflow
  properties: {
    principalId: workflow.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', runsRole!.outputs.roleId)
  }
}

@description('Object id of its identity.')
output principalId string = workflow.identity.principalId
