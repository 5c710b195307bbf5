// Gives an identity one role on one resource group.

@description('Object id of the identity.')
@minLength(36)
@maxLength(36)
param principalId string

@description('Name of the role definition: a GUID.')
@minLength(36)
@maxLength(36)
param roleId string

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, principalId, roleId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
  }
}
