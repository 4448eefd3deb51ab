import type { TemplateFacts } from '#control-plane/cloud/simulated/template-facts.ts'

/** `replacing` gives the topic another name, which CloudFormation can only do by making it anew. */
export type TemplateKind = 'plain' | 'replacing'

const TENANT_ID = '^ten_[0-9a-z]{26}$'

/** A small template of the tenant template's habits: kept data, a condition, outputs. */
export function contractTemplate(kind: TemplateKind) {
  const named = (name: string) => ({ 'Fn::Sub': `\${AWS::StackName}-${name}` })
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Parameters: {
      TenantId: { Type: 'String', AllowedPattern: TENANT_ID },
      DomainName: { Type: 'String' },
      Note: { Type: 'String', Default: 'first' },
      Extra: { Type: 'String', Default: '' },
    },
    Conditions: { HasExtra: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Extra' }, ''] }] } },
    Resources: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
        Properties: { BucketName: named('bucket') },
      },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          TableName: named('table'),
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        },
      },
      Topic: {
        Type: 'AWS::SNS::Topic',
        Properties: {
          TopicName: named(kind === 'plain' ? 'topic' : 'other-topic'),
          DisplayName: { Ref: 'Note' },
        },
      },
      Sends: { Type: 'AWS::SES::ConfigurationSet', Properties: { Name: { Ref: 'AWS::StackName' } } },
      ReaderRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: named('ReaderRole'),
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
          Policies: [
            {
              PolicyName: 'rights',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } },
                ],
              },
            },
          ],
        },
      },
      More: { Type: 'AWS::SNS::Topic', Condition: 'HasExtra', Properties: { TopicName: named('more') } },
    },
    Outputs: { BucketName: { Value: { Ref: 'Bucket' } }, TableName: { Value: { Ref: 'Table' } } },
  }
}

/** The same with a resource that never comes to be: nobody signals the condition. */
export function brokenTemplate() {
  const { Resources, ...template } = contractTemplate('plain')
  const Orphan = {
    Type: 'AWS::CloudFormation::WaitCondition',
    DependsOn: ['Bucket', 'Table'],
    Properties: { Handle: { Ref: 'Handle' }, Timeout: '1', Count: 1 },
  }
  return {
    ...template,
    Resources: { ...Resources, Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' }, Orphan },
  }
}

/** What the simulated CloudFormation reads out of it. */
export function contractFacts(kind: TemplateKind): TemplateFacts {
  const row = { digest: '1', fixedDigest: '', parameters: [] }
  return {
    version: '1.0.0',
    parameters: {
      TenantId: { type: 'String', allowedPattern: TENANT_ID },
      DomainName: { type: 'String' },
      Note: { type: 'String', default: 'first' },
      Extra: { type: 'String', default: '' },
    },
    resources: {
      Bucket: { ...row, type: 'AWS::S3::Bucket' },
      Table: { ...row, type: 'AWS::DynamoDB::Table' },
      Topic: { ...row, type: 'AWS::SNS::Topic', fixedDigest: kind, parameters: ['Note'] },
      Sends: { ...row, type: 'AWS::SES::ConfigurationSet' },
      ReaderRole: { ...row, type: 'AWS::IAM::Role' },
      More: { ...row, type: 'AWS::SNS::Topic', onlyWith: 'Extra' },
    },
  }
}
