import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import type { WriteOperation } from '#shared/platform/table.ts'
import {
  brokenConnection,
  cancelled,
  expiredRow,
  mockTable,
  refused,
  serverFault,
} from '#test/harness/emulator/mock-table.ts'

const a: WriteOperation = { kind: 'update', key: { pk: 'a', sk: 's' }, add: { n: 1 } }
const b: WriteOperation = { kind: 'update', key: { pk: 'b', sk: 's' }, add: { n: 1 } }

describe('transactions on DynamoDB', () => {
  it('a conflict is tried again after a full-jitter pause, with a new token', async () => {
    const { table, dynamo, delays } = mockTable()
    dynamo
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelled('None', 'TransactionConflict'))
      .rejectsOnce(cancelled('ThrottlingError', 'ProvisionedThroughputExceeded'))
      .resolves({})
    await table.transact([a, b])
    expect(delays).toEqual([12.5, 25])
    const tokens = dynamo.commandCalls(TransactWriteItemsCommand).map(({ args }) => args[0].input.ClientRequestToken)
    expect(new Set(tokens).size).toBe(3)
  })

  it('a conflict that does not end is table.conflict after 8 tries', async () => {
    const { table, dynamo, delays } = mockTable()
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict', 'None'))
    await expect(table.transact([a, b])).rejects.toMatchObject({ code: 'table.conflict', retry: true })
    expect(dynamo.calls()).toHaveLength(8)
    expect(delays).toEqual([12.5, 25, 50, 100, 200, 400, 800])
  })

  it('a failed condition beside a conflict is final', async () => {
    const { table, dynamo } = mockTable()
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict', 'ConditionalCheckFailed'))
    await expect(table.transact([a, b])).rejects.toMatchObject({ code: 'table.condition_failed' })
    expect(dynamo.calls()).toHaveLength(1)
  })

  it('a lost answer is asked for again with the same token', async () => {
    const { table, dynamo } = mockTable()
    dynamo
      .on(TransactWriteItemsCommand)
      .rejectsOnce(brokenConnection())
      .rejectsOnce(refused('TransactionInProgressException'))
      .resolves({})
    await table.transact([a, b])
    const inputs = dynamo.commandCalls(TransactWriteItemsCommand).map(({ args }) => args[0].input)
    expect(inputs).toHaveLength(3)
    expect(inputs[1]).toEqual(inputs[0])
    expect(inputs[2]).toEqual(inputs[0])
  })

  it('no answer at all is table.unavailable', async () => {
    const { table, dynamo } = mockTable()
    dynamo.on(TransactWriteItemsCommand).rejects(serverFault())
    await expect(table.transact([a, b])).rejects.toMatchObject({ code: 'table.unavailable' })
    expect(dynamo.calls()).toHaveLength(3)
  })

  it('an update of an expired row becomes a new row, and an update again when somebody else made it', async () => {
    const { table, dynamo, delays } = mockTable()
    dynamo
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelled({ Code: 'ConditionalCheckFailed', Item: expiredRow('a') }, 'None'))
      .rejectsOnce(cancelled('ConditionalCheckFailed', 'None'))
      .resolves({})
    await table.transact([a, b])
    const kinds = dynamo
      .commandCalls(TransactWriteItemsCommand)
      .map(({ args }) => args[0].input.TransactItems?.map((item) => Object.keys(item)[0]))
    expect(kinds).toEqual([
      ['Update', 'Update'],
      ['Put', 'Update'],
      ['Update', 'Update'],
    ])
    const renewed = dynamo.commandCalls(TransactWriteItemsCommand)[1]?.args[0].input.TransactItems?.[0]?.Put
    expect(renewed?.Item).toEqual({ pk: { S: 'ten#a' }, sk: { S: 's' }, n: { N: '1' } })
    expect(delays).toEqual([])
  })

  it('a refused shape and a grown item have their names, another reason stays as it came', async () => {
    const { table, dynamo } = mockTable()
    const grown = { Code: 'ValidationError', Message: 'Item size to update has exceeded the maximum allowed size' }
    const other = cancelled('ItemCollectionSizeLimitExceeded', 'None')
    dynamo
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelled('None', 'ValidationError'))
      .rejectsOnce(cancelled(grown, 'None'))
      .rejectsOnce(other)
    await expect(table.transact([a, b])).rejects.toMatchObject({ code: 'table.bad_request' })
    await expect(table.transact([a, b])).rejects.toMatchObject({ code: 'table.item_too_large' })
    await expect(table.transact([a, b])).rejects.toBe(other)
  })
})
