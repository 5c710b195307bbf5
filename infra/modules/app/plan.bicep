// The Flex Consumption plan: it has room for one app, and costs nothing by itself.

@description('Name of the plan.')
@minLength(1)
@maxLength(40)
param name string

@description('Region of the plan.')
param location string

@description('Tags of the plan.')
param tags object

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

@description('Resource id of the plan.')
output id string = plan.id
