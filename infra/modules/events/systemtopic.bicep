// One source of Azure's own events, and the subscription that brings them to the app.

@description('Name of the system topic.')
@minLength(3)
@maxLength(50)
param name string

@description('Region of the system topic: that of its source, or global.')
param location string

@description('Tags of the system topic.')
param tags object

@description('Resource id of what the events are about. Azure has one system topic for each.')
@minLength(1)
param source string

@description('The kind of source.')
@allowed([
  'Microsoft.Maintenance.MaintenanceConfigurations'
  'Microsoft.ResourceNotifications.HealthResources'
  'Microsoft.ResourceNotifications.MaintenanceResources'
])
param topicType string

@description('The types of events that the app hears.')
@minLength(1)
param eventTypes string[]

@description('Resource id of the function that hears them.')
@minLength(1)
param functionId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    source: source
    topicType: topicType
  }
}

resource toTheApp 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'avd-drain'
  properties: {
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: functionId
        maxEventsPerBatch: 1
      }
    }
    filter: {
      includedEventTypes: eventTypes
    }
    retryPolicy: {
      eventTimeToLiveInMinutes: 1440
      maxDeliveryAttempts: 30
    }
  }
}
