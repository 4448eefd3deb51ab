import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { PutAccountDetailsCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { type AwsClients, awsClients } from '#test/harness/aws/clients.ts'
import type { Estate } from '#test/harness/aws/estate.ts'
import { forEmulator } from '#test/harness/aws/for-emulator.ts'
import { createStack, type Deployed, updateStack } from '#test/harness/aws/stacks.ts'
import { baselineForEmulator } from './aws-iam.ts'
import { asRoot, type Organization } from './aws-organization.ts'

const STACK_NAME = 'baseline-account'

/** A region has one bucket for all accounts; the emulator (1.5.33) reads code and templates of the own account alone. */
export function releaseBucketOf(awsAccountId: string): string {
  return `releases-${awsAccountId}`
}

/** Where the template lies as the emulator understands it, by where the release has it. */
export function adaptedKey(templateKey: string): string {
  return templateKey.replace('templates/', 'templates/emulator/')
}

/** Lays the published baseline of an account of one tenant, with a copy of the release beside it. */
export async function layBaseline(
  estate: Estate,
  organization: Organization,
  { awsAccountId, externalId = '' }: { readonly awsAccountId: string; readonly externalId?: string },
): Promise<Deployed> {
  const aws = awsClients(estate.emulator.endpoint, awsAccountId)
  await copyRelease(estate, aws, releaseBucketOf(awsAccountId))
  return createStack(aws, await baselineInput(estate, organization, { aws, awsAccountId, externalId }))
}

/** What a customer does who had the secret wrong. */
export async function changeExternalId(
  estate: Estate,
  organization: Organization,
  { awsAccountId, externalId }: { readonly awsAccountId: string; readonly externalId: string },
): Promise<void> {
  const aws = awsClients(estate.emulator.endpoint, awsAccountId)
  await updateStack(aws, await baselineInput(estate, organization, { aws, awsAccountId, externalId }))
}

/** A new account sends to nobody but itself until SES has looked at what it is for. */
export async function putIntoSandbox(estate: Estate, awsAccountId: string): Promise<void> {
  const ses = new SESv2Client(asRoot(estate.emulator.endpoint, awsAccountId))
  await ses.send(
    new PutAccountDetailsCommand({
      MailType: 'TRANSACTIONAL',
      WebsiteURL: 'https://example.com',
      ProductionAccessEnabled: false,
    }),
  )
  ses.destroy()
}

/** Puts the adapted template beside the published one. */
export async function placeAdapted(
  estate: Estate,
  {
    s3,
    bucketName,
    leaveOut = [],
  }: { readonly s3: AwsClients['s3']; readonly bucketName: string; readonly leaveOut?: readonly string[] },
): Promise<void> {
  const Key = adaptedKey(estate.published.manifest.templateKey)
  const Body = JSON.stringify(forEmulator(estate.publishedTemplate, leaveOut))
  await s3.send(new PutObjectCommand({ Bucket: bucketName, Key, Body, IfNoneMatch: '*' }))
}

async function baselineInput(
  estate: Estate,
  { organizationId, engineRoleArn }: Organization,
  input: { readonly aws: AwsClients; readonly awsAccountId: string; readonly externalId: string },
) {
  const Bucket = releaseBucketOf(input.awsAccountId)
  const Key = 'templates/emulator/account.json'
  const Body = JSON.stringify(baselineForEmulator(estate.accountTemplate))
  await input.aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }))
  return {
    stackName: STACK_NAME,
    templateUrl: `${estate.emulator.endpoint}/${Bucket}/${Key}`,
    parameters: {
      ReleaseBucket: Bucket,
      EngineRoleArn: engineRoleArn,
      OrganizationId: organizationId,
      ExternalId: input.externalId,
    },
  }
}

async function copyRelease(estate: Estate, { s3 }: AwsClients, Bucket: string): Promise<void> {
  const from = estate.release.outputs.ReleaseBucket
  await s3.send(new CreateBucketCommand({ Bucket }))
  const { Contents = [] } = await estate.aws.s3.send(new ListObjectsV2Command({ Bucket: from, Prefix: 'functions/' }))
  for (const { Key } of Contents) {
    const { Body } = await estate.aws.s3.send(new GetObjectCommand({ Bucket: from, Key }))
    const bytes = await Body?.transformToByteArray()
    if (bytes !== undefined) await s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes }))
  }
  // SES's rules are left out, their activation is not.
  await placeAdapted(estate, {
    s3,
    bucketName: Bucket,
    leaveOut: ['AWS::SES::ReceiptRuleSet', 'AWS::SES::ReceiptRule'],
  })
}
