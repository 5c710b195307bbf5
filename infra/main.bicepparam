// What main.bicep is given: by azd from its environment (azd env set NAME VALUE), else from yours.
using './main.bicep'

var hostGroupNames = readEnvironmentVariable('HOST_GROUPS', '')
var configurationNames = readEnvironmentVariable('MAINTENANCE_CONFIGURATIONS', '')
var subscriptionNames = readEnvironmentVariable('READ_SUBSCRIPTIONS', '')
var callerNames = readEnvironmentVariable('DRAIN_CALLERS', '')

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'avd-drain')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param hostGroups = empty(hostGroupNames) ? [] : split(hostGroupNames, ',')
param maintenanceConfigurations = empty(configurationNames) ? [] : split(configurationNames, ',')
param readSubscriptions = empty(subscriptionNames) ? [] : split(subscriptionNames, ',')
param privateNetwork = bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))
param identityOnly = bool(readEnvironmentVariable('IDENTITY_ONLY', 'true'))
param authClientId = readEnvironmentVariable('AUTH_CLIENT_ID', '')
param authAudience = readEnvironmentVariable('AUTH_AUDIENCE', '')
param callers = empty(callerNames) ? [] : split(callerNames, ',')
param webhookHosts = readEnvironmentVariable('WEBHOOK_HOSTS', '')
param eventRules = loadJsonContent('rules.json')
param schedules = loadJsonContent('schedules.json')
param access = loadJsonContent('access.json')
