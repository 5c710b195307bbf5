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

@description('Object id of its identity.')
output principalId string = workflow.identity.principalId
