// The custom role of the app on host pools and their VMs: the actions of the chosen features only, by
// docs/permissions.md.
targetScope = 'subscription'

@description('Name of the role: unique in the tenant.')
@minLength(1)
@maxLength(128)
param name string

@description('Resource ids of the resource groups where the role may be given.')
param scopes string[]

@description('What drains may do; see the parameter hostFeatures of main.bicep.')
param features string[]

// What every drain needs.
var drain = [
  'Microsoft.Authorization/permissions/read'
  'Microsoft.Compute/virtualMachines/instanceView/read'
  'Microsoft.Compute/virtualMachines/read'
  'Microsoft.DesktopVirtualization/hostpools/read'
  'Microsoft.DesktopVirtualization/hostpools/sessionhosts/read'
  'Microsoft.DesktopVirtualization/hostpools/sessionhosts/usersessions/read'
  'Microsoft.DesktopVirtualization/hostpools/sessionhosts/write'
  'Microsoft.DesktopVirtualization/scalingPlans/read'
]
var messages = [
  'Microsoft.DesktopVirtualization/hostpools/sessionhosts/usersessions/sendMessage/action'
]
var signOut = [
  'Microsoft.DesktopVirtualization/hostpools/sessionhosts/usersessions/delete'
]
var hostUpdate = [
  'Microsoft.DesktopVirtualization/hostpools/sessionHostManagements/sessionHostProvisioningStatuses/read'
  'Microsoft.DesktopVirtualization/hostpools/sessionHostManagements/sessionHostUpdateStatuses/read'
]

// A VM that was started for its maintenance is stopped again.
var restart = [
  'Microsoft.Compute/locations/operations/read'
  'Microsoft.Compute/virtualMachines/deallocate/action'
  'Microsoft.Compute/virtualMachines/powerOff/action'
  'Microsoft.Compute/virtualMachines/restart/action'
  'Microsoft.Compute/virtualMachines/start/action'
]
var redeploy = [
  'Microsoft.Compute/locations/operations/read'
  'Microsoft.Compute/virtualMachines/redeploy/action'
]
var deallocate = [
  'Microsoft.Compute/locations/operations/read'
  'Microsoft.Compute/virtualMachines/deallocate/action'
  'Microsoft.Compute/virtualMachines/start/action'
]
var runCommand = [
  'Microsoft.Compute/locations/operations/read'
  'Microsoft.Compute/virtualMachines/deallocate/action'
  'Microsoft.Compute/virtualMachines/powerOff/action'
  'Microsoft.Compute/virtualMachines/read'
  'Microsoft.Compute/virtualMachines/runCommands/delete'
  'Microsoft.Compute/virtualMachines/runCommands/read'
  'Microsoft.Compute/virtualMachines/runCommands/write'
  'Microsoft.Compute/virtualMachines/start/action'
]

// Autoscale leaves a host alone that bears its plan's exclusion tag.
var scalingPlans = [
  'Microsoft.Resources/tags/read'
  'Microsoft.Resources/tags/write'
]

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, name)
  properties: {
    roleName: name
    description: 'Drains session hosts of Azure Virtual Desktop, maintains them and puts them back.'
    type: 'CustomRole'
    // The vendor wants the scope that the role is made at as the first; a role that is not given gives nothing.
    assignableScopes: union([subscription().id], scopes)
    permissions: [
      {
        actions: union(
          drain,
          contains(features, 'messages') ? messages : [],
          contains(features, 'signOut') ? signOut : [],
          contains(features, 'hostUpdate') ? hostUpdate : [],
          contains(features, 'restart') ? restart : [],
          contains(features, 'redeploy') ? redeploy : [],
          contains(features, 'deallocate') ? deallocate : [],
          contains(features, 'runCommand') ? runCommand : [],
          contains(features, 'scalingPlans') ? scalingPlans : []
        )
        notActions: []
      }
    ]
  }
}

@description('Name of the role definition, which is a GUID.')
output roleId string = role.name
