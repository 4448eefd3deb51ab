import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Mailer, OutgoingMail } from '#shared/platform/mailer.ts'
import { expectFailure, freshName } from './contract-case.ts'

export type DeliveredMail = {
  readonly envelopeFrom: string | null
  readonly envelopeTo: string
  readonly raw: Uint8Array
}

export type MailerSubject = {
  readonly mailer: Mailer
  /** Every mail the taker took, in any order. */
  readonly delivered: () => Promise<readonly DeliveredMail[]>
  readonly close: () => Promise<void>
}

const TEXT = ['From: a@example.com', 'To: b@example.org', 'Subject: =?UTF-8?B?w6k=?=', '', 'Hello', ''].join('\r\n')

function mailOf(fields: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    sendId: freshName('snd'),
    envelopeFrom: 'bounces@example.com',
    envelopeTo: 'attendee@example.org',
    raw: Buffer.from(TEXT),
    ...fields,
  }
}

/** The Mailer port's promises that hold for every taker. */
export function describeMailerContract(name: string, makeSubject: () => Promise<MailerSubject>): void {
  describe(`Mailer contract: ${name}`, () => {
    let made: MailerSubject | undefined
    beforeEach(async () => {
      made = await makeSubject()
    })
    afterEach(async () => {
      await made?.close()
      made = undefined
    })
    function subject(): MailerSubject {
      if (made === undefined) throw new Error('the subject was not made')
      return made
    }
    describeSends(subject)
    describeRefusals(subject)
  })
}

function describeSends(subject: () => MailerSubject): void {
  it('a mail is delivered once, with its envelope and every byte', async () => {
    const { mailer, delivered } = subject()
    const mail = mailOf()
    const { mailerMessageId } = await mailer.send(mail)
    expect(mailerMessageId).not.toBe('')
    const all = await delivered()
    expect(all).toHaveLength(1)
    expect(all[0]).toMatchObject({ envelopeFrom: 'bounces@example.com', envelopeTo: 'attendee@example.org' })
    expect(Buffer.from(all[0]?.raw ?? []).toString('latin1')).toBe(TEXT)
  })

  it('lines that begin with dots, long lines and a lone dot survive', async () => {
    const { mailer, delivered } = subject()
    const body = `${TEXT}.\r\n..\r\n.x\r\n${'y'.repeat(990)}\r\n\r\n.\r\nend\r\n`
    await mailer.send(mailOf({ raw: Buffer.from(body) }))
    expect(Buffer.from((await delivered())[0]?.raw ?? []).toString()).toBe(body)
  })

  it('a mail of 3 MB survives', async () => {
    const { mailer, delivered } = subject()
    const raw = Buffer.from(TEXT + `${'0123456789abcdef'.repeat(4)}\r\n`.repeat(45_000))
    await mailer.send(mailOf({ raw }))
    expect(Buffer.from((await delivered())[0]?.raw ?? []).equals(raw)).toBe(true)
  })

  it('the null reverse-path stays null', async () => {
    const { mailer, delivered } = subject()
    await mailer.send(mailOf({ envelopeFrom: null }))
    expect((await delivered())[0]?.envelopeFrom).toBeNull()
  })

  it('the envelope is not taken from the headers', async () => {
    const { mailer, delivered } = subject()
    const raw = Buffer.from(
      'From: x@example.com\r\nTo: y@example.com\r\nCc: z@example.com\r\nBcc: q@example.com\r\n\r\nx\r\n',
    )
    await mailer.send(mailOf({ envelopeTo: 'only@example.org', raw }))
    const all = await delivered()
    expect(all.map(({ envelopeTo }) => envelopeTo)).toEqual(['only@example.org'])
    expect(Buffer.from(all[0]?.raw ?? []).equals(raw)).toBe(true)
  })

  it('40 concurrent sends are 40 deliveries, each its own', async () => {
    const { mailer, delivered } = subject()
    const mails = Array.from({ length: 40 }, (_, at) =>
      mailOf({ envelopeTo: `a${100 + at}@example.org`, raw: Buffer.from(`${TEXT}number ${100 + at}\r\n`) }),
    )
    const answers = await Promise.all(mails.map((mail) => mailer.send(mail)))
    expect(answers).toHaveLength(40)
    const all = await delivered()
    expect(new Set(all.map(({ envelopeTo }) => envelopeTo))).toEqual(new Set(mails.map(({ envelopeTo }) => envelopeTo)))
    expect(all).toHaveLength(40)
    for (const { envelopeTo, raw } of all)
      expect(Buffer.from(raw).toString()).toContain(`number ${envelopeTo.slice(1, 4)}\r\n`)
  })

  it('looking up an accepted mail never says it was not accepted', async () => {
    const { mailer } = subject()
    const mail = mailOf()
    const { mailerMessageId } = await mailer.send(mail)
    const answer = await mailer.lookup(mail.sendId)
    expect([{ fate: 'accepted', mailerMessageId }, { fate: 'unknown' }]).toContainEqual(answer)
  })

  it('looking up what was never sent never says it was accepted', async () => {
    const { mailer } = subject()
    expect(['not_accepted', 'unknown']).toContain((await mailer.lookup(freshName('snd'))).fate)
  })
}

function describeRefusals(subject: () => MailerSubject): void {
  const refused: Record<string, Partial<OutgoingMail>> = {
    'CR and LF in the recipient': { envelopeTo: 'a@example.org>\r\nRCPT TO:<b@example.org' },
    'a line break in the return path': { envelopeFrom: 'a@example.com\nDATA' },
    'a NUL': { envelopeTo: 'a\u0000@example.org' },
    'a second recipient': { envelopeTo: 'a@example.org, b@example.org' },
    'angle brackets': { envelopeTo: '<a@example.org>' },
    'a space': { envelopeTo: 'a b@example.org' },
    'no at sign': { envelopeTo: 'example.org' },
    'two at signs': { envelopeTo: 'a@b@example.org' },
    'no recipient': { envelopeTo: '' },
    'an empty return path that is not null': { envelopeFrom: '' },
    'a recipient over 254 bytes': { envelopeTo: `${'a'.repeat(250)}@example.org` },
    'an empty mail': { raw: new Uint8Array() },
    'a mail over 40 MB': { raw: new Uint8Array(40 * 1024 * 1024 + 1) },
    'a send id that is none': { sendId: 'a b' },
  }
  for (const [what, fields] of Object.entries(refused))
    it(`${what} is rejected and nothing is delivered`, async () => {
      const { mailer, delivered } = subject()
      await expectFailure(mailer.send(mailOf(fields)), 'mailer.rejected')
      expect(await delivered()).toEqual([])
    })

  it('a refused mail does not keep the next from being delivered', async () => {
    const { mailer, delivered } = subject()
    await expectFailure(mailer.send(mailOf({ envelopeTo: 'nobody' })), 'mailer.rejected')
    await mailer.send(mailOf())
    expect(await delivered()).toHaveLength(1)
  })
}
