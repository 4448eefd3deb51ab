import { type Observation, pollAt, type Step, type Work } from '../step.ts'

/** A bucket is emptied a thousand objects at a time; so many batches are one visit's work. */
const BATCHES_A_VISIT = 20

const DAY = 86_400_000

/** A person has put a hold on the data since the deletion was begun. */
function waitForHold({ ctx }: Work): Observation {
  return { kind: 'waiting', waitsFor: 'legal_hold', whoActs: 'vendor', nextAt: ctx.clock.now() + DAY }
}

export const deleteTable: Step = {
  name: 'delete_table',
  sentence: 'Your rows are deleted.',
  vendorSentence: 'DynamoDB: protection off, table deleted, read back as gone.',
  async ensure(work) {
    const { tableName = '' } = work.facts
    await work.call('dynamodb', (cloud) => cloud.tenantData.unprotectTable(tableName))
    await work.call('dynamodb', (cloud) => cloud.tenantData.deleteTable(tableName))
    return undefined
  },
  async observe(work) {
    const { tableName } = work.facts
    if (tableName === undefined) return { kind: 'done' }
    if (work.tenant.isLegalHeld === true) return waitForHold(work)
    const status = await work.call('dynamodb', (cloud) => cloud.tenantData.tableStatus(tableName))
    if (status === undefined) return { kind: 'done', gone: ['tableName'] }
    if (status === 'ACTIVE') return { kind: 'absent' }
    return { kind: 'waiting', waitsFor: 'table', whoActs: 'nobody', nextAt: pollAt(work) }
  },
}

export const deleteBucket: Step = {
  name: 'delete_bucket',
  sentence: 'Your files are deleted.',
  vendorSentence: 'S3: bucket emptied in all versions, deleted, read back as gone.',
  async ensure(work) {
    const { bucketName = '' } = work.facts
    for (let batch = 0; batch < BATCHES_A_VISIT; batch += 1) {
      const { isEmpty } = await work.call('s3', (cloud) => cloud.tenantData.emptyBucket(bucketName))
      if (!isEmpty) continue
      await work.call('s3', (cloud) => cloud.tenantData.deleteBucket(bucketName))
      return undefined
    }
    return undefined
  },
  async observe(work) {
    const { bucketName } = work.facts
    if (bucketName === undefined) return { kind: 'done' }
    if (work.tenant.isLegalHeld === true) return waitForHold(work)
    const isThere = await work.call('s3', (cloud) => cloud.tenantData.bucketIsThere(bucketName))
    return isThere ? { kind: 'absent' } : { kind: 'done', gone: ['bucketName'] }
  },
}
