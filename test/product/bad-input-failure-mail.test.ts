import PostalMime, { type Email } from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailWith, organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

/** The mail that left because of this one, and its envelope. */
async function answerTo(raw: string): Promise<{ readonly mail: Email; readonly envelopeFrom: string | null }> {
  const before = (await tenant.sent()).length
  await tenant.receive(raw)
  const sent = (await tenant.sent()).slice(before)
  expect(sent).toHaveLength(1)
  const [kept] = (await tenant.platform.outbox.list({ limit: 1 })).mails
  return { mail: await PostalMime.parse(sent[0]?.raw ?? ''), envelopeFrom: kept?.envelopeFrom ?? null }
}

const header = (mail: Email, key: string) => mail.headers.find((one) => one.key === key)?.value

describe('the failure mail', () => {
  it('answers the mail in plain words, from create@, and cannot loop', async () => {
    const { mail, envelopeFrom } = await answerTo(
      mailWith({ uid: 'budget-1@mail.example.com', subject: 'Budget – Übung' }, 'text/plain', 'On Friday?'),
    )
    expect(mail.from).toMatchObject({ address: 'create@events.example.net' })
    expect(mail.to?.map(({ address }) => address)).toEqual(['ana.diaz@example.com'])
    expect(mail.subject).toBe('Could not be used: Budget – Übung')
    expect(mail.inReplyTo).toBe('<budget-1@mail.example.com>')
    expect(mail.references).toBe('<budget-1@mail.example.com>')
    expect(header(mail, 'auto-submitted')).toBe('auto-replied')
    expect(envelopeFrom).toBeNull()
    expect(mail.attachments).toEqual([])
    expect(mail.text).toContain('The mail held no calendar invitation. Create the event in your calendar')
    expect(mail.text).toContain('Nothing was created or changed, and nobody was invited.')
    expect(mail.html).toContain('The mail held no calendar invitation.')
  })

  it('repeats nothing of the mail but its subject, and that without its markup', async () => {
    const subject = '<img src=x onerror=alert(1)> "Plan" & more'
    const { mail } = await answerTo(
      mailWith({ uid: 'evil@mail.example.com', subject }, 'text/plain', 'secret text of the mail'),
    )
    expect(mail.html).not.toContain('<img')
    expect(mail.html).toContain('&lt;img')
    expect(`${mail.text}${mail.html}`).not.toContain('secret text')
  })

  const ids: readonly (readonly [string, string | undefined])[] = [
    ['a plain id', 'a@b.example'],
    ['an id of blanks and words', 'not an id'],
    ['an id beyond ASCII', 'grüße@example.com'],
    ['a very long id', `${'x'.repeat(1200)}@example.com`],
  ]
  for (const [name, id] of ids)
    it(`is sent whatever the Message-ID is: ${name}`, async () => {
      const { mail } = await answerTo(mailWith({ uid: id ?? '' }, 'text/plain', name))
      expect([undefined, `<${id}>`]).toContain(mail.inReplyTo)
    })

  it('is sent for a mail without any Message-ID and without a Subject', async () => {
    const raw = mailWith({ uid: 'gone' }, 'text/plain', 'Hello').replace(/^(?:Message-ID|Subject): .*\r\n/gm, '')
    const { mail } = await answerTo(raw)
    expect(mail.inReplyTo).toBeUndefined()
    expect(mail.subject).toBe('Your invitation could not be used')
  })
})

describe('the created mail', () => {
  it('answers the mail too, and names no guest but the others', async () => {
    const lines = [
      'DTSTART:20270305T100000Z',
      'ATTENDEE:mailto:ana.diaz@example.com',
      'ATTENDEE:mailto:bob@example.org',
    ]
    const { mail } = await answerTo(organizerMail({ uid: 'made@mail.example.com', lines }))
    expect(mail.subject).toBe('Created: A meeting')
    expect(mail.inReplyTo).toBe('<made@mail.example.com>')
    expect(mail.text).toContain('The other guest of your invitation will hear nothing from us.')
  })

  it('says in which zone it read times that had none', async () => {
    const { mail } = await answerTo(organizerMail({ uid: 'zone@mail.example.com' }))
    expect(mail.text).not.toContain('names no time zone')
    const floating = organizerMail({ uid: 'floating@mail.example.com', lines: ['DTSTART:20270305T100000'] })
    expect((await answerTo(floating)).mail.text).toContain('we read its times in Europe/Madrid')
  })
})
