// The Logic Apps of logic_apps/ that are wished for, and what patch-host may do.

@description('Tells this installation from others, in names.')
@minLength(13)
@maxLength(13)
param token string

@description('Region of the Logic Apps.')
param location string

@description('Tags of the Logic Apps.')
param tags object

@description('Name of the function app.')
@minLength(2)
@maxLength(60)
param appName string

@description('Application ID URI of the app registration; empty where the app takes function keys.')
param audience string

@description('Whether to make the Logic App logic_apps/start-and-wait.json.')
param withStartAndWait bool

@description('Whether to make the Logic App logic_apps/nightly.json.')
param withNightly bool

@description('Whether to make the Logic App logic_apps/approval-first.json.')
param withApprovalFirst bool

@description('Whether to make the Logic App logic_apps/patch-host.json.')
param withPatchHost bool

@description('Where the Logic Apps tell how it went: the address of a Teams workflow.')
@secure()
param teamsUrl string

@description('Resource ids of the host pools that nightly drains, in their order.')
param nightlyPools string[]

@description('Mail address of who approves in approval-first.')
param approver string

@description('Resource id of an authorised API connection to Office 365, for approval-first.')
param office365ConnectionId string

@description('Resource ids of the resource groups with the VMs that patch-host patches.')
param patchGroups string[]

var byKey = empty(audience)
// Each once, however it is written: a role that is given twice to the same identity is refused.
var groups = union(map(patchGroups, id => replace(toLower(id), '/resourcegroups/', '/resourceGroups/')), [])
var patched = withPatchHost ? groups : []
var calling = {
  appUrl: { value: 'https://${app.properties.defaultHostName}' }
  audience: { value: byKey ? environment().resourceManager : audience }
  functionKey: { value: byKey ? listKeys('${app.id}/host/default', '2024-04-01').functionKeys.default : '' }
  teamsUrl: { value: teamsUrl }
}

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

module startAndWait 'workflow.bicep' = if (withStartAndWait) {
  name: 'start-and-wait'
  params: {
    name: 'logic-start-and-wait-${token}'
    location: location
    tags: tags
    definition: loadJsonContent('../../../logic_apps/start-and-wait.json').definition
    parameters: calling
  }
}

module nightly 'workflow.bicep' = if (withNightly) {
  name: 'nightly'
  params: {
    name: 'logic-nightly-${token}'
    location: location
    tags: tags
    definition: loadJsonContent('../../../logic_apps/nightly.json').definition
    parameters: union(calling, { hostPools: { value: nightlyPools } })
  }
}

module approvalFirst 'workflow.bicep' = if (withApprovalFirst) {
  name: 'approval-first'
  params: {
    name: 'logic-approval-first-${token}'
    location: location
    tags: tags
    definition: loadJsonContent('../../../logic_apps/approval-first.json').definition
    parameters: union(calling, {
      approver: { value: approver }
      '$connections': {
        value: {
          office365: {
            connectionId: office365ConnectionId
            connectionName: 'office365'
            id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'office365')
          }
        }
      }
    })
  }
}

module patchHost 'workflow.bicep' = if (withPatchHost) {
  name: 'patch-host'
  params: {
    name: 'logic-patch-host-${token}'
    location: location
    tags: tags
    definition: loadJsonContent('../../../logic_apps/patch-host.json').definition
    parameters: {
      armUrl: { value: 'https://${split(environment().resourceManager, '/')[2]}' }
      audience: { value: environment().resourceManager }
    }
    readsItsRuns: true
  }
}

module patchRole '../access/customrole.bicep' = if (!empty(patched)) {
  name: 'patchrole-${token}'
  scope: subscription()
  params: {
    name: 'avd-drain patching ${token}'
    purpose: 'Installs patches on the VMs of session hosts.'
    scopes: patched
    actions: [
      'Microsoft.Compute/locations/operations/read'
      'Microsoft.Compute/virtualMachines/installPatches/action'
      'Microsoft.Compute/virtualMachines/read'
    ]
  }
}

module patchRights '../access/grouprights.bicep' = [
  for id in patched: {
    name: 'patchrights-${uniqueString(id, token)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      principalId: patchHost!.outputs.principalId
      roleId: patchRole!.outputs.roleId
    }
  }
]

@description('Object ids of the identities of the Logic Apps that call the app; each empty where there is none.')
output principalIds object = {
  startAndWait: withStartAndWait ? startAndWait!.outputs.principalId : ''
  nightly: withNightly ? nightly!.outputs.principalId : ''
  approvalFirst: withApprovalFirst ? approvalFirst!.outputs.principalId : ''
}
