import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import {
  brokenConnection,
  conditionFailed,
  expiredRow,
  mockTable,
  NOW,
  refused,
  serverFault,
} from '#test/harness/emulator/mock-table.ts'

const key = { pk: 'a', sk: 's' }
const count = { kind: 'update', key, add: { n: 1 } } as const
const claim = { kind: 'put', item: key, when: { row: 'absent' } } as const

describe('single writes on DynamoDB', () => {
  it('a conflict with a transaction is tried again, and is table.conflict when it does not end', async () => {
    const { table, dynamo, delays } = mockTable()
    dynamo.on(PutItemCommand).rejectsOnce(refused('TransactionConflictException')).resolves({})
    await table.write(claim)
    expect(delays).toEqual([12.5])
    dynamo.on(UpdateItemCommand).rejects(refused('TransactionConflictException'))
    await expect(table.write(count)).rejects.toMatchObject({ code: 'table.conflict' })
    expect(dynamo.commandCalls(UpdateItemCommand)).toHaveLength(8)
  })

  for (const [what, fault] of Object.entries({ 'a broken connection': brokenConnection, 'a 500': serverFault }))
    it(`after ${what} a condition or a count is not tried again, a plain write is`, async () => {
      const { table, dynamo } = mockTable()
      dynamo.on(PutItemCommand).rejectsOnce(fault()).resolves({})
      dynamo.on(UpdateItemCommand).rejectsOnce(fault()).rejectsOnce(fault()).resolves({})
      dynamo.on(DeleteItemCommand).rejectsOnce(fault()).rejectsOnce(fault()).resolves({})
      await expect(table.write(claim)).rejects.toMatchObject({ code: 'table.unavailable', retry: true })
      await expect(table.write(count)).rejects.toMatchObject({ code: 'table.unavailable' })
      expect(dynamo.calls()).toHaveLength(2)
      await table.write({ kind: 'update', key, set: { n: 1 } })
      await table.write({ kind: 'delete', key })
      expect(dynamo.commandCalls(UpdateItemCommand)).toHaveLength(3)
      expect(dynamo.commandCalls(DeleteItemCommand)).toHaveLength(3)
    })

  it('a throttled or unsent condition is tried again, and is table.unavailable when it does not end', async () => {
    const { table, dynamo } = mockTable()
    dynamo
      .on(PutItemCommand)
      .rejectsOnce(refused('ThrottlingException'))
      .rejectsOnce(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }))
      .resolves({})
    await table.write(claim)
    dynamo.on(DeleteItemCommand).rejects(refused('ProvisionedThroughputExceededException'))
    const remove = { kind: 'delete', key, when: { row: 'present' } } as const
    await expect(table.write(remove)).rejects.toMatchObject({ code: 'table.unavailable' })
    expect(dynamo.commandCalls(DeleteItemCommand)).toHaveLength(8)
  })

  it('an update of an expired row makes a new one, or starts over when somebody else did', async () => {
    const { table, dynamo } = mockTable()
    dynamo
      .on(UpdateItemCommand)
      .rejectsOnce(conditionFailed(expiredRow('a')))
      .resolves({})
    dynamo.on(PutItemCommand).rejectsOnce(conditionFailed())
    await table.write(count)
    expect(dynamo.calls().map(({ args }) => args[0].constructor.name)).toEqual([
      'UpdateItemCommand',
      'PutItemCommand',
      'UpdateItemCommand',
    ])
  })

  it('what names a fault of ours is thrown as it came', async () => {
    const { table, dynamo } = mockTable()
    const denied = refused('AccessDeniedException')
    dynamo.on(GetItemCommand).rejects(denied)
    await expect(table.get(key)).rejects.toBe(denied)
    expect(dynamo.calls()).toHaveLength(1)
  })
})

describe('batches on DynamoDB', () => {
  const items = Array.from({ length: 30 }, (_, at) => ({ pk: 'p', sk: `s${at}` }))

  it('unprocessed puts are tried again alone, after pauses', async () => {
    const { table, dynamo, delays } = mockTable()
    const written: string[] = []
    let calls = 0
    dynamo.on(BatchWriteItemCommand).callsFake(({ RequestItems }) => {
      calls += 1
      const requests: { PutRequest: { Item: { sk: { S: string } } } }[] = RequestItems.rows
      const taken = calls % 2 === 1 ? requests.slice(0, 3) : requests
      written.push(...taken.map(({ PutRequest }) => PutRequest.Item.sk.S))
      return { UnprocessedItems: taken.length < requests.length ? { rows: requests.slice(taken.length) } : {} }
    })
    await table.putMany(items)
    expect(written.toSorted()).toEqual(items.map(({ sk }) => sk).toSorted())
    expect(delays.length).toBeGreaterThan(0)
  })

  it('a table that takes nothing is table.unavailable', async () => {
    const { table, dynamo } = mockTable()
    dynamo.on(BatchWriteItemCommand).callsFake(({ RequestItems }) => ({ UnprocessedItems: RequestItems }))
    await expect(table.putMany(items.slice(0, 5))).rejects.toMatchObject({ code: 'table.unavailable' })
    expect(dynamo.calls()).toHaveLength(8)
  })

  it('unprocessed keys are read again, and expired rows are left out', async () => {
    const { table, dynamo, delays } = mockTable()
    const row = { pk: { S: 'ten#p' }, sk: { S: 's0' } }
    const left = { rows: { Keys: [{ pk: { S: 'ten#p' }, sk: { S: 's1' } }] } }
    dynamo
      .on(BatchGetItemCommand)
      .resolvesOnce({ Responses: { rows: [row] }, UnprocessedKeys: left })
      .resolvesOnce({ Responses: { rows: [] }, UnprocessedKeys: left })
      .resolves({ Responses: { rows: [{ ...expiredRow('p'), sk: { S: 's1' } }] } })
    expect(await table.getMany(items.slice(0, 2))).toEqual([{ pk: 'p', sk: 's0' }])
    expect(delays).toEqual([12.5])
  })
})

describe('pages on DynamoDB', () => {
  it('a page of nothing but expired rows has a cursor when DynamoDB named a last key', async () => {
    const { table, dynamo } = mockTable()
    const last = { pk: { S: 'ten#a' }, sk: { S: 's' } }
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [expiredRow('a')], LastEvaluatedKey: last })
      .resolves({ Items: [{ ...last, sk: { S: 't' }, expiresAt: { N: String(NOW + 1) } }] })
    const { items, cursor = '' } = await table.query({ pk: 'a', limit: 1 })
    expect(items).toEqual([])
    const next = await table.query({ pk: 'a', limit: 1, cursor })
    expect(next).toEqual({ items: [{ pk: 'a', sk: 't', expiresAt: NOW + 1 }] })
    expect(dynamo.commandCalls(QueryCommand)[1]?.args[0].input.ExclusiveStartKey).toEqual(last)
  })

  it('the table is read consistently, an index cannot be', async () => {
    const { table, dynamo } = mockTable()
    dynamo.on(QueryCommand).resolves({})
    await table.query({ pk: 'a', limit: 1 })
    await table.query({ pk: 'a', limit: 1, index: 'gsi1' })
    const inputs = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input)
    expect(inputs.map(({ ConsistentRead, IndexName }) => [ConsistentRead, IndexName])).toEqual([
      [true, undefined],
      [undefined, 'gsi1'],
    ])
  })
})
