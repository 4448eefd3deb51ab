import { describe, expect, it } from 'vitest'
import { builderOf, CONTENDERS } from './contenders.ts'
import { countParsedBack, randomRecipients, whatIsWrong } from './proof.ts'
import { sampleRecipients, sampleRevision } from './sample-invite.ts'

describe('before speed is counted', () => {
  it.each(CONTENDERS)('%s builds the same invitation, read back by two parsers', async (contender) => {
    const recipients = sampleRecipients(10)
    const build = await builderOf(contender, sampleRevision, recipients)
    for (const [index, recipient] of recipients.entries()) {
      const mail = await build(recipient, index)
      expect(await whatIsWrong(sampleRevision, recipient, mail)).toEqual([])
      expect(mail.length).toBeGreaterThan(10_000)
      expect(mail.length).toBeLessThan(11_500)
    }
  })

  it('a mail for somebody else is noticed', async () => {
    const [first, second] = sampleRecipients(2)
    if (first === undefined || second === undefined) throw new Error('two recipients were asked for')
    const build = await builderOf('splice', sampleRevision, [first])
    const wrong = await whatIsWrong(sampleRevision, second, await build(first, 0))
    expect(wrong.map((each) => each.split(' ')[0])).toEqual(
      expect.arrayContaining(['from', 'to', 'attendee', 'organizer', 'sendId']),
    )
  })

  it('300 random recipients are read back as meant', async () => {
    expect(await countParsedBack(randomRecipients(300))).toBe(300)
  })
})
