/** Parameters of a tenant in a cell, as the engine would give them to a live one. */
export const cellParameters: Readonly<Record<string, string>> = {
  TenantId: 'ten_01jd0000000000000000000000',
  DomainName: 'events.example.com',
  Environment: 'prod',
  Placement: 'cell',
  ReleaseBucket: 'convoke-release-us-east-1',
  CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000',
  HostedZoneId: 'Z0000000000000000000',
  CellRouterRoleArn: 'arn:aws:iam::123456789012:role/cell-router',
}

/** The same tenant in an account of its own. */
export const dedicatedParameters: Readonly<Record<string, string>> = {
  ...cellParameters,
  Placement: 'dedicated',
  CellRouterRoleArn: '',
  RuleSetActivatorArn: 'arn:aws:lambda:us-east-1:123456789012:function:activate-rule-set',
}
