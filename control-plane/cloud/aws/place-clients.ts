import { ACMClient } from '@aws-sdk/client-acm'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IAMClient } from '@aws-sdk/client-iam'
import { Route53Client } from '@aws-sdk/client-route-53'
import { S3Client } from '@aws-sdk/client-s3'
import { SESv2Client } from '@aws-sdk/client-sesv2'
import { STSClient } from '@aws-sdk/client-sts'
import { requestHandlerOptions } from '#shared/platform/aws/client-options.ts'

/** Short-lived credentials, as STS gives them. */
export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

export type ClientInput = {
  readonly region: string
  /** Absent: those of the environment. The SDK asks again five minutes before they expire. */
  readonly credentials?: () => Promise<Credentials>
  /** S3 on an endpoint without a name for each bucket. */
  readonly forcePathStyle?: boolean
}

/** Control APIs answer within seconds; CreateChangeSet of a large template takes longest. */
const TIMES = { connectionTimeout: 3000, requestTimeout: 25_000 }

/** Clients of one place. One attempt for each call: only the engine knows what may be asked twice, and counts every call. */
export type PlaceClients = ReturnType<typeof createPlaceClients>

export function createPlaceClients({ forcePathStyle = false, ...input }: ClientInput) {
  const options = { ...input, maxAttempts: 1, requestHandler: requestHandlerOptions(TIMES) }
  return {
    acm: new ACMClient(options),
    cloudFormation: new CloudFormationClient(options),
    dynamo: new DynamoDBClient(options),
    iam: new IAMClient(options),
    route53: new Route53Client(options),
    s3: new S3Client({ ...options, forcePathStyle }),
    ses: new SESv2Client(options),
    sts: new STSClient(options),
  }
}
