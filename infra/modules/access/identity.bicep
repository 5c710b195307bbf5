// The identity as which the app reaches storage, Azure Resource Manager, Event Grid and telemetry.

@description('Name of the user-assigned identity.')
@minLength(3)
@maxLength(128)
param name string

@description('Region of the identity.')
param location string

@description('Tags of the identity.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id

@description('Client id of the identity: what the app and the Functions host are told.')
output clientId string = identity.properties.clientId

@description('Object id of the identity: what roles are given to.')
output principalId string = identity.properties.principalId
