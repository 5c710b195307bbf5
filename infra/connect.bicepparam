// What connect.bicep is given: by azd from its environment and main.bicep's outputs, else from yours.
using './connect.bicep'

var configurationNames = replace(readEnvironmentVariable('MAINTENANCE_CONFIGURATIONS', ''), ' ', '')
var poolNames = replace(readEnvironmentVariable('NIGHTLY_POOLS', ''), ' ', '')
var hostGroupNames = replace(readEnvironmentVariable('HOST_GROUPS', ''), ' ', '')

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'avd-drain')
param appName = readEnvironmentVariable('SERVICE_APP_NAME', 'SERVICE_APP_NAME-is-not-set')
param topicName = readEnvironmentVariable('SERVICE_APP_TOPIC', 'SERVICE_APP_TOPIC-is-not-set')
param watchHealth = bool(readEnvironmentVariable('WATCH_HEALTH', 'true'))
param watchScheduledEvents = bool(readEnvironmentVariable('WATCH_SCHEDULED_EVENTS', 'true'))
param maintenanceConfigurations = empty(configurationNames) ? [] : split(configurationNames, ',')
param audience = readEnvironmentVariable('SERVICE_APP_AUDIENCE', '')
param registrationObjectId = readEnvironmentVariable('AUTH_OBJECT_ID', '')
param withStartAndWait = bool(readEnvironmentVariable('WITH_START_AND_WAIT', 'false'))
param withNightly = bool(readEnvironmentVariable('WITH_NIGHTLY', 'false'))
param withApprovalFirst = bool(readEnvironmentVariable('WITH_APPROVAL_FIRST', 'false'))
param withPatchHost = bool(readEnvironmentVariable('WITH_PATCH_HOST', 'false'))
param teamsUrl = readEnvironmentVariable('TEAMS_URL', '')
param nightlyPools = empty(poolNames) ? [] : split(poolNames, ',')
param approver = readEnvironmentVariable('APPROVER', '')
param office365ConnectionId = readEnvironmentVariable('OFFICE365_CONNECTION_ID', '')
param patchGroups = empty(hostGroupNames) ? [] : split(hostGroupNames, ',')
