import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlaceCloud } from '#control-plane/cloud/cloud.ts'
import { systemClock as clock } from '#shared/platform/node/system-clock.ts'
import { demand, TAGS, until } from '#test/contract/cloud-subject.ts'
import { type Estate, openEstate } from '#test/harness/aws/estate.ts'
import { forEmulator } from '#test/harness/aws/for-emulator.ts'
import { type EmulatedClouds, emulatedClouds } from '#test/harness/cloud/emulated-cloud.ts'
import { createWorldRecords } from '#test/harness/cloud/world-records.ts'

const stackName = 'convoke-by-change-sets'
const tenantId = `ten_${'1'.repeat(26)}`
const domainName = 'change-sets.example.com'

let estate: Estate
let clouds: EmulatedClouds
let at: PlaceCloud
let templateUrl: string
beforeAll(async () => {
  estate = await openEstate()
  const { region, awsAccountId } = estate
  clouds = emulatedClouds({ sees: createWorldRecords().sees, clock, region })
  at = clouds.open().at({ awsAccountId, region })
  templateUrl = await estate.place('tenant', forEmulator(estate.publishedTemplate))
})
afterAll(async () => {
  clouds.close()
  await estate.close()
})

const passTime = () => delay(100)

async function change(type: 'CREATE' | 'UPDATE', changeSetName: string, more: Readonly<Record<string, string>> = {}) {
  const parameters = { ...estate.tenantParameters(tenantId, domainName), ...more }
  const clientToken = changeSetName
  await at.stacks.createChangeSet({ stackName, changeSetName, type, templateUrl, parameters, tags: TAGS, clientToken })
  return demand(await at.stacks.describeChangeSet({ stackName, changeSetName }))
}

async function execute(changeSetName: string) {
  await at.stacks.executeChangeSet({ stackName, changeSetName, clientRequestToken: changeSetName })
  const look = () => at.stacks.read(stackName)
  return demand(await until({ passTime }, look, (seen) => seen !== undefined && !seen.status.endsWith('_IN_PROGRESS')))
}

describe('the published tenant template by change sets', () => {
  it('is created, with the outputs that the engine needs and the tags of the tenant', async () => {
    const { changes, isEmpty } = await change('CREATE', 'create')
    expect(isEmpty).toBe(false)
    expect(changes.every(({ action }) => action === 'Add')).toBe(true)
    // What only a certificate brings is not there.
    expect(changes.filter(({ logicalId }) => logicalId.startsWith('Wildcard'))).toEqual([])
    const made = await execute('create')
    expect(made).toMatchObject({ status: 'CREATE_COMPLETE', tags: TAGS })
    for (const name of ['ApiUrl', 'TableName', 'BucketName', 'MailTopicArn', 'ConfigurationSetName', 'TemplateVersion'])
      expect(made.outputs[name]).toBeTruthy()
  })

  it('is protected by an update that makes nothing anew', async () => {
    expect((await change('UPDATE', 'same')).isEmpty).toBe(true)
    const { changes } = await change('UPDATE', 'protect', { DeletionProtection: 'true' })
    expect(changes.map(({ resourceType }) => resourceType)).toContain('AWS::DynamoDB::Table')
    expect(changes.filter(({ replacement }) => replacement === 'True')).toEqual([])
    expect((await execute('protect')).parameters.DeletionProtection).toBe('true')
  })

  it('gets its custom domain by an update once there is a certificate', async () => {
    const { hostedZoneId } = await at.hostedZones.create({ callerReference: stackName, domainName })
    const { certificateArn } = await at.certificates.request({
      domainName: `*.${domainName}`,
      idempotencyToken: 'first',
      tags: TAGS,
    })
    const more = { DeletionProtection: 'true', CertificateArn: certificateArn, HostedZoneId: hostedZoneId }
    const { changes } = await change('UPDATE', 'certificate', more)
    const added = changes.filter(({ action }) => action === 'Add')
    expect(added.map(({ resourceType }) => resourceType)).toContain('AWS::ApiGateway::DomainName')
    expect(changes.filter(({ replacement }) => replacement === 'True')).toEqual([])
    expect((await execute('certificate')).status).toBe('UPDATE_COMPLETE')
  })

  it('leaves its table and bucket, which are deleted by what it told', async () => {
    const { stackId, outputs } = demand(await at.stacks.read(stackName))
    const { TableName: tableName = '', BucketName: bucketName = '' } = outputs
    await at.tenantFiles.put({
      bucketName,
      key: 'licence/licence.json',
      bytes: Buffer.from('{}'),
      contentType: 'application/json',
    })
    await at.stacks.delete({ stackName, clientRequestToken: 'delete' })
    await until(
      { passTime },
      () => at.stacks.read(stackId),
      (seen) => seen?.status === 'DELETE_COMPLETE',
    )
    expect(await at.stacks.read(stackName)).toBeUndefined()
    await at.tenantData.unprotectTable(tableName)
    await at.tenantData.deleteTable(tableName)
    await until(
      { passTime },
      () => at.tenantData.tableStatus(tableName),
      (seen) => seen === undefined,
    )
    await until(
      { passTime },
      () => at.tenantData.emptyBucket(bucketName),
      ({ isEmpty }) => isEmpty,
    )
    await at.tenantData.deleteBucket(bucketName)
    expect(await at.tenantData.bucketIsThere(bucketName)).toBe(false)
  })
})
