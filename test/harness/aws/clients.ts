import { APIGatewayClient } from '@aws-sdk/client-api-gateway'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { TEST_ACCOUNT_ID, TEST_REGION } from '#test/harness/emulator/sdk-environment.ts'

export type AwsClients = ReturnType<typeof awsClients>

/** Clients of an account's root, as whoever deploys has them; the functions have their own roles. */
export function awsClients(endpoint: string, awsAccountId = TEST_ACCOUNT_ID) {
  const options = {
    endpoint,
    region: TEST_REGION,
    credentials: { accessKeyId: awsAccountId, secretAccessKey: 'test' },
  }
  return {
    cloudFormation: new CloudFormationClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
    lambda: new LambdaClient(options),
    dynamo: new DynamoDBClient(options),
    iam: new IAMClient(options),
    gateway: new APIGatewayClient(options),
  }
}
