// The action group that mails alerts to people.

@description('Name of the action group.')
@minLength(1)
@maxLength(260)
param name string

@description('Tags of the action group.')
param tags object

@description('Mail addresses of who is told.')
@minLength(1)
param mails string[]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'drain-ops'
    enabled: true
    emailReceivers: [
      for mail in mails: {
        name: mail
        emailAddress: mail
        useCommonAlertSchema: true
      }
    ]
  }
}

@description('Resource id of the action group.')
output id string = group.id
