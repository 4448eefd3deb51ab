import { setTimeout as delay } from 'node:timers/promises'
import { CreateOrganizationalUnitCommand, ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { inject } from 'vitest'
import { createDynamoClient } from '#shared/platform/aws/dynamo-client.ts'
import { createS3Client } from '#shared/platform/aws/s3-client.ts'
import { systemClock as clock } from '#shared/platform/node/system-clock.ts'
import { describeCloudContract } from '#test/contract/cloud.contract.ts'
import { freshName } from '#test/contract/contract-case.ts'
import { brokenTemplate, contractTemplate } from '#test/harness/cloud/contract-templates.ts'
import { emulatedClouds } from '#test/harness/cloud/emulated-cloud.ts'
import { createWorldRecords } from '#test/harness/cloud/world-records.ts'
import { makeTable } from '#test/harness/emulator/make-table.ts'
import { pointSdkAt, TEST_ACCOUNT_ID, TEST_REGION } from '#test/harness/emulator/sdk-environment.ts'

/** What takes minutes at AWS takes moments here. */
const MILLISECONDS_PER_SECOND = 5
const MILLISECONDS_MAX = 100
const OTHER_ACCOUNT_ID = '222233334444'

describeCloudContract('AWS SDKs', async () => {
  const endpoint = inject('emulatorEndpoint')
  pointSdkAt(endpoint)
  const records = createWorldRecords()
  const received: { readonly to: string; readonly from: string; readonly subject: string }[] = []
  const clouds = emulatedClouds({
    sees: records.sees,
    clock,
    region: TEST_REGION,
    deliver: async ({ to, from, subject }) => void received.push(...to.map((one) => ({ to: one, from, subject }))),
  })
  const [dynamo, s3, organizations] = [
    createDynamoClient(),
    createS3Client({ forcePathStyle: true }),
    new OrganizationsClient({}),
  ]
  const cellTableName = freshName('cell')
  const removeTable = await makeTable(dynamo, cellTableName)
  const releaseBucket = freshName('releases')
  await s3.send(new CreateBucketCommand({ Bucket: releaseBucket }))

  async function place(name: string, template: object): Promise<string> {
    const Key = `templates/${name}.json`
    await s3.send(new PutObjectCommand({ Bucket: releaseBucket, Key, Body: JSON.stringify(template) }))
    return `${endpoint}/${releaseBucket}/${Key}`
  }

  const { Roots } = await organizations.send(new ListRootsCommand({}))
  const rootParentId = Roots?.[0]?.Id ?? ''
  const { OrganizationalUnit } = await organizations.send(
    new CreateOrganizationalUnitCommand({ ParentId: rootParentId, Name: freshName('dedicated') }),
  )
  return {
    cloud: clouds.open(),
    place: { awsAccountId: TEST_ACCOUNT_ID, region: TEST_REGION },
    otherPlace: {
      awsAccountId: OTHER_ACCOUNT_ID,
      region: TEST_REGION,
      roleArn: `arn:aws:iam::${OTHER_ACCOUNT_ID}:role/operating`,
      externalId: 'a-secret-of-this-tenant-alone-0001',
    },
    rootParentId,
    unitParentId: OrganizationalUnit?.Id ?? '',
    cellTableName,
    publish: (kind) => place(kind, contractTemplate(kind)),
    spoil: async () => ({ templateUrl: await place('broken', brokenTemplate()), mend: () => undefined }),
    showRecord: records.put,
    received: () => received,
    passTime: (seconds) => delay(Math.min(seconds * MILLISECONDS_PER_SECOND, MILLISECONDS_MAX)),
    async close() {
      await removeTable()
      clouds.close()
      for (const client of [dynamo, s3, organizations]) client.destroy()
    },
  }
})
