// A custom role of a few actions, which may be given on some resource groups.
targetScope = 'subscription'

@description('Name of the role: unique in the tenant.')
@minLength(1)
@maxLength(128)
param name string

@description('What the role is for.')
@minLength(1)
param purpose string

@description('Resource ids of the resource groups where the role may be given.')
param scopes string[]

@description('The actions that the role allows.')
@minLength(1)
param actions string[]

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, name)
  properties: {
    roleName: name
    description: purpose
    type: 'CustomRole'
    // The vendor wants the scope that the role is made at as the first; a role that is not given gives nothing.
    assignableScopes: union([subscription().id], scopes)
    permissions: [
      {
        actions: actions
        notActions: []
      }
    ]
  }
}

@description('Name of the role definition, which is a GUID.')
output roleId string = role.name
