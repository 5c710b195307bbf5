// The function app on Flex Consumption. Timers there are in UTC, and the package is a blob.

@description('Name of the function app.')
@minLength(2)
@maxLength(60)
param name string

@description('Resource id of its plan.')
param planId string

@description('Region of the app.')
param location string

@description('Tags of the app. The tag azd-service-name is added, for azd to find it.')
param tags object

@description('Resource id of the identity of the app.')
param identityId string

@description('Client id of that identity.')
param identityClientId string

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param storageName string

@description('Container that holds the published package.')
@minLength(3)
@maxLength(63)
param packageContainer string

@description('Name of the Application Insights resource.')
@minLength(1)
@maxLength(255)
param insightsName string

@description('Name of the topic of the app\'s own events.')
@minLength(3)
@maxLength(50)
param topicName string

@description('Whether the app sends telemetry and events as its identity, and not by their keys.')
param identityOnly bool

@description('Memory of an instance in MB. Its share of a processor follows from it.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int

@description('Most instances at the same time.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Subnet through which the app calls others; empty without a private network.')
param subnetId string

@description('Settings of the app, by name. They come before the ones that are made here.')
@secure()
param settings object

var storageSuffix = environment().suffixes.storage
var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: 'https://${storageName}.blob.${storageSuffix}'
  AzureWebJobsStorage__queueServiceUri: 'https://${storageName}.queue.${storageSuffix}'
  AzureWebJobsStorage__tableServiceUri: 'https://${storageName}.table.${storageSuffix}'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' // for whoever adds a collector: the host would speak grpc, and the app does not
  EVENT_TOPIC_ENDPOINT: topic.properties.endpoint
}
var identitySettings = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}
var keySettings = {
  EVENT_TOPIC_KEY: topic.listKeys().key1
}
var made = union(hostSettings, identityOnly ? identitySettings : keySettings, settings)

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: planId
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${storageName}.blob.${storageSuffix}/${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      appSettings: map(items(made), setting => {
        name: setting.key
        value: setting.value
      })
    }
  }
}

// Publishing needs an identity as well: no user name and password.
resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Name of the function app.')
output name string = app.name

@description('Host name of the function app.')
output hostName string = app.properties.defaultHostName
