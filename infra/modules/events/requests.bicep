// Brings requests for drains, which your own tools publish to the app's topic, to the app.

@description('Name of the topic.')
@minLength(3)
@maxLength(50)
param topicName string

@description('Resource id of the function that hears them.')
@minLength(1)
param functionId string

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource toTheApp 'Microsoft.EventGrid/topics/eventSubscriptions@2025-02-15' = {
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
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: [
        'AvdDrain.Drain.Canceled'
        'AvdDrain.Drain.Released'
        'AvdDrain.Drain.Requested'
      ]
    }
    retryPolicy: {
      eventTimeToLiveInMinutes: 1440
      maxDeliveryAttempts: 30
    }
  }
}
