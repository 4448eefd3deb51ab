import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { mockClient } from 'aws-sdk-client-mock'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tenantVariables } from '#shared/contracts/tenant-environment.fixture.ts'
import type { TenantNotice } from '#shared/contracts/tenant-notices.ts'
import { wireAws } from './wire-aws.ts'

const sqs = mockClient(SQSClient)
const dynamo = mockClient(DynamoDBClient)
beforeEach(() => {
  // The stack's own region, which is not the queue's.
  vi.stubEnv('AWS_REGION', 'eu-west-1')
  sqs.reset()
  dynamo.reset()
})
afterEach(() => {
  vi.unstubAllEnvs()
  sqs.reset()
  dynamo.reset()
})

const queueUrl = 'https://sqs.us-east-1.amazonaws.com/222222222222/baseline-control-plane-tenant-notice'

const notice: TenantNotice = {
  kind: 'health',
  noticeId: 'ntc_1',
  tenantId: tenantVariables.CONVOKE_TENANT_ID,
  at: 1,
  templateVersion: '1.2.3',
  licenceStanding: 'VALID',
  deadLetters: 0,
  oldestWorkSeconds: 0,
}

describe('a tenant’s stack on AWS', () => {
  it('tells the control plane on its queue, in the region where that is', async () => {
    sqs.on(SendMessageCommand).resolves({ MessageId: 'm1' })
    const { teller } = wireAws({ ...tenantVariables, CONVOKE_NOTICE_QUEUE_URL: queueUrl })
    expect(teller).toMatchObject({ tenantId: tenantVariables.CONVOKE_TENANT_ID, templateVersion: '1.2.3' })
    await teller?.tell(notice)
    const [sent, ...more] = sqs.commandCalls(SendMessageCommand)
    expect(more).toEqual([])
    expect(sent?.args[0].input).toMatchObject({ QueueUrl: queueUrl, MessageBody: JSON.stringify(notice) })
    expect(await sent?.thisValue.config.region()).toBe('us-east-1')
  })

  it('tells nobody without a queue', () => {
    expect(wireAws(tenantVariables).teller).toBeUndefined()
  })

  const rates: readonly (readonly [string, Record<string, string>, readonly string[]])[] = [
    [
      'shares the rate by the table of its cell',
      { CONVOKE_SENDS_PER_SECOND: '14', CONVOKE_SEND_RATE_TABLE: 'rate' },
      ['rate'],
    ],
    ['has the rate of its account for itself', { CONVOKE_SENDS_PER_SECOND: '14' }, ['table']],
    ['is held back by SES alone where nobody has told the rate', { CONVOKE_SENDS_PER_SECOND: '' }, []],
  ]
  it.each(rates)('%s', async (_, given, asked) => {
    const rows = new Map<string, object>()
    dynamo.on(GetItemCommand).callsFake(({ Key }) => ({ Item: rows.get(JSON.stringify(Key)) }))
    dynamo.on(UpdateItemCommand).callsFake(({ Key }) => {
      rows.set(JSON.stringify(Key), { ...Key, demands: { S: '' }, perSecond: { N: '14' } })
      return {}
    })
    const { pace } = wireAws({ ...tenantVariables, ...given })
    expect(await pace.turn({ kind: 'single', wanted: 1, until: Date.now() + 20_000 })).toBe(true)
    const calls = [...dynamo.commandCalls(GetItemCommand), ...dynamo.commandCalls(UpdateItemCommand)]
    expect([...new Set(calls.map(({ args: [{ input }] }) => input.TableName))]).toEqual(asked)
  })
})
