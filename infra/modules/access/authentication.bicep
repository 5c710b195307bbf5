// App Service authentication: Microsoft Entra ID lets callers in, by an app registration of yours.

@description('Name of the function app.')
@minLength(2)
@maxLength(60)
param appName string

@description('Client id of the app registration.')
@minLength(36)
@maxLength(36)
param clientId string

@description('Application ID URI of the app registration.')
@minLength(1)
param audience string

@description('Object ids of the users and identities that are let in. Empty lets in everybody who gets a token for the registration; what they may do is for the app to say, by their roles.')
param callers string[]

// The function of Event Grid's deliveries checks a system key of its own; the descriptions hold no secret, and
// the board reads what it shows as its reader.
var openPaths = [
  '/runtime/webhooks/EventGrid'
  '/api/openapi.json'
  '/api/swagger.json'
  '/api/docs'
  '/api/board'
  '/api/board/api.js'
  '/api/board/availability.js'
  '/api/board/board.css'
  '/api/board/board.js'
  '/api/board/chart.js'
  '/api/board/dialog.js'
  '/api/board/drains.js'
  '/api/board/forecast.js'
  '/api/board/history.js'
  '/api/board/lists.js'
  '/api/board/make.js'
  '/api/board/model.js'
  '/api/board/orders.js'
  '/api/board/pools.js'
  '/api/board/report.js'
  '/api/board/start.js'
  '/api/board/words.js'
]

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource authentication 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~1'
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      excludedPaths: openPaths
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            audience
            clientId
          ]
          defaultAuthorizationPolicy: empty(callers)
            ? null
            : {
                allowedPrincipals: {
                  identities: callers
                }
              }
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}
