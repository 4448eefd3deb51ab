import type { TemplateResource } from './template.ts'

const PLACE = 'us-east-1:123456789012'

/** A stack somewhere: names as AWS would give them. */
export const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackName': 'convoke-01jd0000000000000000000000',
  'AWS::URLSuffix': 'amazonaws.com',
}

type Text = (value: unknown) => string

/** What Ref of a resource gives: the URL of a queue, the ARN of a topic, else a name. */
export function referenceOf(logicalId: string, { Type, Properties }: TemplateResource, text: Text): string {
  switch (Type) {
    case 'AWS::SQS::Queue':
      return `https://sqs.us-east-1.amazonaws.com/123456789012/${text(Properties.QueueName)}`
    case 'AWS::SNS::Topic':
      return `arn:aws:sns:${PLACE}:${text(Properties.TopicName)}`
    case 'AWS::Lambda::Function':
      return text(Properties.FunctionName)
    case 'AWS::ApiGateway::Stage':
      return text(Properties.StageName)
    default:
      return logicalId.toLowerCase()
  }
}

/** What Fn::GetAtt of a resource gives. */
export function attributeOf(
  logicalId: string,
  attribute: string,
  { Type, Properties }: TemplateResource,
  text: Text,
): string {
  if (attribute === 'QueueName') return text(Properties.QueueName)
  if (attribute !== 'Arn') return `${logicalId.toLowerCase()}.${attribute.toLowerCase()}`
  switch (Type) {
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${PLACE}:${text(Properties.QueueName)}`
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${PLACE}:function:${text(Properties.FunctionName)}`
    case 'AWS::DynamoDB::Table':
      return `arn:aws:dynamodb:${PLACE}:table/${logicalId.toLowerCase()}`
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${logicalId.toLowerCase()}`
    case 'AWS::IAM::Role':
      return `arn:aws:iam::123456789012:role/${logicalId}`
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${PLACE}:log-group:${logicalId.toLowerCase()}:*`
    default:
      return `arn:aws:${Type.split('::')[1]?.toLowerCase()}:${PLACE}:${logicalId.toLowerCase()}`
  }
}
