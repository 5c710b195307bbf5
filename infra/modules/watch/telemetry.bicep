// Application Insights on a workspace.

@description('Name of the Log Analytics workspace.')
@minLength(4)
@maxLength(63)
param workspaceName string

@description('Name of the Application Insights resource.')
@minLength(1)
@maxLength(255)
param name string

@description('Region of both.')
param location string

@description('Tags of both.')
param tags object

@description('How many days the telemetry is kept.')
@minValue(30)
@maxValue(730)
param retentionInDays int

@description('Whether telemetry is taken from identities only. With false, whoever knows the connection string may send some.')
param identityOnly bool

@description('Object id of the identity that sends telemetry.')
@minLength(36)
@maxLength(36)
param principalId string

var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionInDays
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: identityOnly
  }
}

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}

@description('Name of the Application Insights resource.')
output name string = insights.name

@description('Resource id of the workspace.')
output workspaceId string = workspace.id
