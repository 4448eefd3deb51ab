import type { SQSEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { defineFailures } from '#shared/errors/failure.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { perRecord } from './per-record.ts'

const TestFailure = defineFailures('test', { later: { status: 503, retry: true } })

function eventOf(...bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map((body) => ({
      messageId: `id-${body}`,
      receiptHandle: `handle-${body}`,
      body,
      attributes: {
        ApproximateReceiveCount: '2',
        SentTimestamp: '0',
        SenderId: 'x',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:work',
      awsRegion: 'eu-west-1',
    })),
  }
}

const plenty = { getRemainingTimeInMillis: () => 60_000 }

describe('a batch of records', () => {
  it('is handled one by one and in order, and only the failed ones are reported', async () => {
    const seen: string[] = []
    const log = createCollectingLog()
    const handle = async (body: string): Promise<void> => {
      seen.push(`${body} begins`)
      await Promise.resolve()
      if (body === 'b') throw TestFailure.later('not now')
      if (body === 'c') throw new TypeError('a bug with secret@example.org in its record')
      seen.push(`${body} ends`)
    }
    const answer = await perRecord(eventOf('a', 'b', 'c', 'd'), plenty, handle, log)
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-b' }, { itemIdentifier: 'id-c' }] })
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'c begins', 'd begins', 'd ends'])
    expect(log.entries).toEqual([
      expect.objectContaining({ at: 'function.record', messageId: 'id-b', receiveCount: 2, code: 'test.later' }),
      expect.objectContaining({ at: 'function.record', messageId: 'id-c', code: 'bug' }),
    ])
  })

  it('logs no word of a record that cannot be read', async () => {
    const log = createCollectingLog()
    await perRecord(eventOf('ana.secret@example.org'), plenty, async (body) => void JSON.parse(body), log)
    expect(log.entries).toEqual([expect.objectContaining({ code: 'unreadable', error: 'SyntaxError' })])
    expect(JSON.stringify(log.entries.map(({ messageId: _id, ...rest }) => rest))).not.toContain('secret')
  })

  it('gives back what it has no time for, and never begins it', async () => {
    const seen: string[] = []
    let left = 42_000
    const handle = async (body: string): Promise<void> => {
      seen.push(body)
      left -= 10_000
    }
    const answer = await perRecord(
      eventOf('a', 'b', 'c'),
      { getRemainingTimeInMillis: () => left },
      handle,
      createCollectingLog(),
    )
    expect(seen).toEqual(['a'])
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['id-b', 'id-c'])
  })

  it('begins the first record however little time there is: given back for ever it would never be tried', async () => {
    const seen: string[] = []
    await perRecord(
      eventOf('a'),
      { getRemainingTimeInMillis: () => 10 },
      async (body) => void seen.push(body),
      createCollectingLog(),
    )
    expect(seen).toEqual(['a'])
  })
})
