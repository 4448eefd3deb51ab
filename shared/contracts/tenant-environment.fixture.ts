/** An environment that a tenant's function starts in; nothing behind it is ever called. */
export const tenantVariables = {
  CONVOKE_TENANT_ID: `ten_${'0'.repeat(26)}`,
  CONVOKE_ENVIRONMENT: 'prod',
  CONVOKE_PLACEMENT: 'cell',
  CONVOKE_DOMAIN: 'invites.example.com',
  CONVOKE_API_URL: 'https://api.invites.example.com/v1',
  CONVOKE_PAGES_URL: 'https://go.invites.example.com',
  CONVOKE_TABLE: 'table',
  CONVOKE_BUCKET: 'bucket',
  CONVOKE_TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-west-1:123456789012:convoke-x-',
  CONVOKE_QUEUE_URL_PREFIX: 'https://sqs.eu-west-1.amazonaws.com/123456789012/convoke-x-',
  CONVOKE_CONFIGURATION_SET: 'convoke-x',
  CONVOKE_SES_TENANT: 'convoke-x',
  CONVOKE_TEMPLATES: 's3://bucket/templates/',
  CONVOKE_TEMPLATE_VERSION: '1.2.3',
}
