// What the person on call is told: rules over the app's telemetry. docs/alerts.md has them with their reasons.

@description('Token that ends the names of the rules.')
@minLength(1)
@maxLength(20)
param token string

@description('Region of the rules: that of the workspace.')
param location string

@description('Tags of the rules.')
param tags object

@description('Resource id of the workspace that the telemetry goes to.')
@minLength(1)
param workspaceId string

@description('Names of the rules that are on; the others are made, and do nothing.')
param alerts string[]

@description('Resource ids of the action groups that are told.')
param actionGroups string[]

var runbook = 'docs/runbook.md'

// The app sends its metrics every five minutes, so ten minutes without a tick are known after fifteen.
// Each query says how much there is of it; one alert fires for each value of its dimension. Gauges are looked
// for as far back as a rule may, so that what was true when the app fell silent stays told.
var rules = [
  {
    name: 'no-tick'
    title: 'no tick for ten minutes, and nothing heard for fifteen'
    description: 'The timer of the app has not run, or its telemetry does not arrive: nothing is drained, and no host is put back. See "The app is silent" in ${runbook}.'
    query: loadTextContent('../../queries/alerts/no-tick.kql')
    column: 'minutes'
    dimension: ''
    threshold: 15
    severity: 0
    window: 'PT5M'
    range: 'P2D'
  }
  {
    name: 'host-overdue'
    title: 'a host is out past its time'
    description: 'A session host should be back in service by now, and is not. See "A host is out past its time" in ${runbook}.'
    query: loadTextContent('../../queries/alerts/host-overdue.kql')
    column: 'hosts'
    dimension: 'pool'
    threshold: 0
    severity: 1
    window: 'PT5M'
    range: 'P2D'
  }
  {
    name: 'writes-refused'
    title: 'a host cannot be put back: its writes are refused'
    description: 'The control plane refuses what would put a host back: a right is missing, or a resource is locked. See "Writes are refused" in ${runbook}.'
    query: loadTextContent('../../queries/alerts/writes-refused.kql')
    column: 'hosts'
    dimension: 'pool'
    threshold: 0
    severity: 1
    window: 'PT5M'
    range: 'P2D'
  }
  {
    name: 'host-attention'
    title: 'a host needs attention'
    description: 'The drain of a session host could not end as it should, and says why. See "A host needs attention" in ${runbook}.'
    query: loadTextContent('../../queries/alerts/host-attention.kql')
    column: 'hosts'
    dimension: 'pool'
    threshold: 0
    severity: 2
    window: 'PT5M'
    range: 'P2D'
  }
  {
    name: 'drain-failed'
    title: 'a drain failed'
    description: 'A drain ended as Failed in the last quarter of an hour. See "A drain failed" in ${runbook}.'
    query: loadTextContent('../../queries/alerts/drain-failed.kql')
    column: 'drains'
    dimension: 'pool'
    threshold: 0
    severity: 2
    window: 'PT15M'
    range: ''
  }
  {
    name: 'poison-message'
    title: 'work failed five times in a row'
    description: 'A message of the app went to a poison queue in the last quarter of an hour. See "Work failed five times in a row" in ${runbook}.'
    query: loadTextContent('../../queries/alerts/poison-message.kql')
    column: 'messages'
    dimension: 'queue'
    threshold: 0
    severity: 2
    window: 'PT15M'
    range: ''
  }
  {
    name: 'throttled'
    title: 'the control plane refuses for too many requests'
    description: 'More than 10 requests to Azure Resource Manager were throttled in the last quarter of an hour. Drains go on, and more slowly. See "Requests are throttled" in ${runbook}.'
    query: loadTextContent('../../queries/alerts/throttled.kql')
    column: 'requests'
    dimension: 'bucket'
    threshold: 10
    severity: 3
    window: 'PT15M'
    range: ''
  }
]

resource alert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'avd-drain-${rule.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'avd-drain: ${rule.title}'
      description: rule.description
      severity: rule.severity
      enabled: contains(alerts, rule.name)
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      overrideQueryTimeRange: empty(rule.range) ? null : rule.range
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Maximum'
            metricMeasureColumn: rule.column
            dimensions: empty(rule.dimension)
              ? []
              : [
                  {
                    name: rule.dimension
                    operator: 'Include'
                    values: ['*']
                  }
                ]
            operator: 'GreaterThan'
            threshold: rule.threshold
          }
        ]
      }
      autoMitigate: true
      // A workspace that has heard nothing yet may not know the table. make check has checked the query.
      skipQueryValidation: true
      actions: {
        actionGroups: actionGroups
      }
    }
  }
]
