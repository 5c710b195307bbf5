// A network with room for the app's outbound side and for the private endpoints of its storage.

@description('Name of the virtual network.')
@minLength(2)
@maxLength(64)
param name string

@description('Region of the network.')
param location string

@description('Tags of the network.')
param tags object

@description('Address range of the network, from which both subnets are cut: a /24 or larger.')
@minLength(9)
@maxLength(18)
param addressPrefix string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    subnets: [
      {
        name: 'snet-app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'snet-endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

@description('Resource id of the network.')
output id string = network.id

@description('Subnet of the app: Flex Consumption has it for itself.')
output appSubnetId string = '${network.id}/subnets/snet-app'

@description('Subnet of the private endpoints.')
output endpointSubnetId string = '${network.id}/subnets/snet-endpoints'
