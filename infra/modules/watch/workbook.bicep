// The workbook: a picture of the app over time, from its telemetry.

@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags object

@description('Resource id of the workspace that it reads.')
@minLength(1)
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, 'avd-drain')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'avd-drain'
    description: 'Hosts, drains, requests and steps over time.'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: replace(loadTextContent('../../workbook.json'), 'WORKSPACE_ID', workspaceId)
  }
}
