import { randomUUID } from 'node:crypto'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { compatibility } from '#infra/delivery/compatibility.ts'
import { type Published, publishFunctions, publishRelease } from '#infra/delivery/publish-release.ts'
import { createS3ReleaseStore } from '#infra/delivery/s3-release-store.ts'
import { captureSes } from '#test/harness/emulator/capture-ses.ts'
import { pointSdkAt, TEST_ACCOUNT_ID, TEST_REGION } from '#test/harness/emulator/sdk-environment.ts'
import { startEmulator } from '#test/harness/emulator/start-emulator.ts'
import { buildRelease } from './built-release.ts'
import { awsClients } from './clients.ts'
import { forEmulator, Template } from './for-emulator.ts'
import { receiptRuleSets } from './receipt-rule-sets.ts'
import { createStack, type Deployed } from './stacks.ts'

export const VERSION = '0.1.0'

export type Estate = Awaited<ReturnType<typeof openEstate>>

const role = (name: string) => `arn:aws:iam::${TEST_ACCOUNT_ID}:role/${name}`

/**
 * An account with a release bucket, a cell and a published release, on an emulator that decides by IAM and speaks TLS. What SES does
 * is played at its boundary: sends are captured, the active rule set is a double.
 */
export async function openEstate() {
  const [ses, ruleSets, built] = await Promise.all([captureSes(), receiptRuleSets(), buildRelease(VERSION)])
  const emulator = await startEmulator({
    auth: true,
    env: { AWS_ENDPOINT_URL_SESV2: ses.endpoint, AWS_ENDPOINT_URL_SES: ruleSets.endpoint },
  })
  pointSdkAt(emulator.endpoint, { AWS_ENDPOINT_URL_SESV2: ses.endpoint })
  const aws = awsClients(emulator.endpoint)
  const close = async () => void (await Promise.all([emulator.stop(), ses.close(), ruleSets.close()]))
  try {
    const release = await createStack(aws, {
      stackName: 'baseline-release',
      templateBody: JSON.stringify(forEmulator(built.releaseTemplate)),
      parameters: { OrganizationId: 'o-0123456789', PublisherRoleArn: role('publisher') },
    })
    const releaseBucket = release.outputs.ReleaseBucket ?? ''
    const store = createS3ReleaseStore(releaseBucket, { forcePathStyle: true })
    const zips = await publishFunctions(store, built)

    /** Puts an adapted template where CloudFormation can take it from: inline ones end at 51,200 bytes. */
    async function place(name: string, template: Template): Promise<string> {
      const Key = `templates/emulator/${name}-${randomUUID()}.json`
      await aws.s3.send(
        new PutObjectCommand({ Bucket: releaseBucket, Key, Body: JSON.stringify(template), IfNoneMatch: '*' }),
      )
      return `${emulator.endpoint}/${releaseBucket}/${Key}`
    }

    const cell = await createStack(aws, {
      stackName: 'baseline-cell',
      templateUrl: await place('cell', forEmulator(built.cellTemplate)),
      parameters: {
        ReleaseBucket: releaseBucket,
        EngineRoleArn: role('engine'),
        OrganizationId: 'o-0123456789',
      },
    })
    const facts = { ...compatibility, version: VERSION, gitSha: 'a'.repeat(40) }
    const publish = (): Promise<Published> => publishRelease(store, built, facts)
    const published = await publish()
    const { Body } = await aws.s3.send(
      new GetObjectCommand({ Bucket: releaseBucket, Key: published.manifest.templateKey }),
    )
    const publishedTemplate = Template.parse(JSON.parse((await Body?.transformToString()) ?? ''))

    /** Parameters by which the engine stamps a tenant into this cell. */
    const tenantParameters = (tenantId: string, domainName: string) => ({
      TenantId: tenantId,
      DomainName: domainName,
      Environment: 'prod',
      Placement: 'cell',
      ReleaseBucket: releaseBucket,
      CellRouterRoleArn: cell.outputs.CellRouterRoleArn ?? '',
      TenantBoundaryArn: cell.outputs.TenantBoundaryArn ?? '',
      SendsPerSecond: '14',
      SendRateTable: cell.outputs.SendRateTableName ?? '',
    })
    const stamp = async (stackName: string, parameters: Readonly<Record<string, string>>): Promise<Deployed> =>
      createStack(aws, { stackName, templateUrl: await place('tenant', forEmulator(publishedTemplate)), parameters })
    const awsAccountId = TEST_ACCOUNT_ID
    const region = TEST_REGION
    return {
      aws,
      ses,
      ruleSets,
      emulator,
      cell,
      release,
      published,
      publish,
      publishedTemplate,
      domainTemplate: built.domainTemplate,
      accountTemplate: built.accountTemplate,
      managementTemplate: built.managementTemplate,
      cellTemplate: built.cellTemplate,
      zips,
      place,
      stamp,
      tenantParameters,
      awsAccountId,
      region,
      close,
    }
  } catch (error) {
    process.stderr.write(`${emulator.logs().split('\n').slice(-40).join('\n')}\n`)
    await close()
    throw error
  }
}
