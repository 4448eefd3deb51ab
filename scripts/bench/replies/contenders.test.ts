import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { CONTENDERS, openContender } from './contenders.ts'
import { SHAPES, sampleReplies, shapePath } from './sample-replies.ts'

const facts = {
  uid: 'evt_00000000000000000000000001@events.example.net',
  replyAddress: 'r-00000000000000000000000002@events.example.net',
  attendee: 'bob@example.org',
  partstat: 'ACCEPTED',
  sequence: 1,
  dtstamp: '20261123T120000Z',
  start: '20270305T090000Z',
  end: '20270305T100000Z',
  comment: 'I come by train.',
} as const

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

describe('the sample replies', () => {
  it.each(SHAPES)('hold %s as the product is tested with it', (shape) => {
    expect(readFileSync(shapePath(shape), 'utf8')).toBe(replyShapes[shape](facts).replaceAll(/\r?\n/g, '\r\n'))
  })
})

describe('contenders', () => {
  it('all find the same answer in every sample', async () => {
    const contenders = await Promise.all(CONTENDERS.map(openContender))
    opened.push(...contenders.map(({ close }) => close))
    for (const raw of sampleReplies()) {
      const found = await Promise.all(contenders.map((contender) => contender.facts(raw)))
      expect(found[0]).toMatchObject({
        method: 'REPLY',
        partstat: expect.stringMatching(/^(ACCEPTED|TENTATIVE|DECLINED)$/),
        dtstamp: expect.stringMatching(/^2026-/),
      })
      for (const other of found) expect(other).toEqual(found[0])
    }
  })
})
