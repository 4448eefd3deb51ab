import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FORWARDS_PER_DAY_MAX } from '#tenant-stack/core/reply/forward.ts'
import { ana, bob, type Invited, invited } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
let count = 0
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

type Letter = {
  readonly from?: string
  readonly headers?: readonly string[]
  readonly body?: string
  readonly type?: string
  readonly messageId?: string
  readonly envelopeFrom?: string
}

function letter(
  one: Invited,
  {
    from = bob,
    headers = [],
    body = 'I come by train.',
    type = 'text/plain; charset=utf-8',
    messageId,
    envelopeFrom,
  }: Letter = {},
) {
  count += 1
  const raw = [
    `From: Bob <${from}>`,
    `To: ${one.replyAddress}`,
    'Subject: Re: Invitation: A meeting',
    `Message-ID: <${messageId ?? `letter-${count}@example.org`}>`,
    'Date: Tue, 24 Nov 2026 10:00:00 +0100',
    ...headers,
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    '',
    body,
    '',
  ].join('\n')
  return tenant.receive(raw, {
    to: one.replyAddress,
    from: envelopeFrom ?? from,
    authentication: { envelopeFrom: envelopeFrom ?? from },
  })
}

const forwardedTo = async (one: Invited) =>
  (await one.mailsTo(ana)).filter(({ subject }) => subject?.startsWith(`From ${bob}`))

describe('a letter to the address that answers invites', () => {
  it('reaches the organizer once, from us, and is answered to the attendee', async () => {
    const one = await invited(tenant)
    const body = `I come by train.\n\nBob\n\n> Yes: https://go.events.example.net/answer/${'0a'.repeat(45)}/yes`
    expect(await letter(one, { body, messageId: 'once@example.org' })).toMatchObject({
      kind: 'acted',
      reason: 'plain_text_forwarded',
    })
    expect(await letter(one, { body, messageId: 'once@example.org' })).toMatchObject({ reason: 'duplicate_mail' })
    const [forwarded, ...more] = await forwardedTo(one)
    expect(more).toEqual([])
    expect(forwarded?.from?.address).toBe('create@events.example.net')
    expect(forwarded?.replyTo?.map(({ address }) => address)).toEqual([bob])
    expect(forwarded?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-replied')
    expect(forwarded?.text).toContain('I come by train.')
    expect(await one.answers()).toMatchObject({ none: 1 })
    // Nothing by which anybody could answer in his name.
    const raw = (await tenant.sent()).at(-1)?.raw.toString('latin1') ?? ''
    for (const secret of [one.replyAddress.slice(2, 28), '/answer/', '/unsubscribe/', '0a0a0a'])
      expect(raw).not.toContain(secret)
  })

  it('says who sent it where that is not the attendee, and leaves out what is attached', async () => {
    const one = await invited(tenant)
    const body = [
      '--x',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'See the file. <script>alert(1)</script>',
      '--x',
      'Content-Type: application/octet-stream; name="virus.exe"',
      'Content-Disposition: attachment; filename="virus.exe"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('evil bytes').toString('base64'),
      '--x--',
    ].join('\n')
    await letter(one, { from: 'assistant@example.org', type: 'multipart/mixed; boundary="x"', body })
    const [forwarded] = await forwardedTo(one)
    expect(forwarded?.text).toContain('Sent from: assistant@example.org (not proved)')
    expect(forwarded?.text).toContain('Left out: 1 attachment')
    expect(forwarded?.attachments).toEqual([])
    expect(forwarded?.html).toContain('&lt;script&gt;')
    expect(forwarded?.html).not.toContain('<script>')
  })

  it.each<readonly [string, Letter, string]>([
    ['out-of-office', { headers: ['Auto-Submitted: auto-replied'] }, 'auto_reply'],
    ['a machine', { headers: ['Auto-Submitted: auto-generated'] }, 'auto_reply'],
    ['an old responder', { headers: ['X-Autoreply: yes'] }, 'auto_reply'],
    [
      'Exchange’s responder',
      { headers: ['X-Auto-Response-Suppress: All', 'Auto-Submitted: auto-generated'] },
      'auto_reply',
    ],
    ['bulk', { headers: ['Precedence: bulk'] }, 'bulk_mail'],
    ['a mailing list', { headers: ['List-Id: <talk.example.org>'] }, 'list_mail'],
    ['a bounce without a report', { envelopeFrom: '' }, 'null_return_path'],
    ['a robot', { from: 'no-reply@example.org' }, 'sent_by_a_robot'],
    ['our own domain', { from: 'create@events.example.net' }, 'own_address'],
    ['the organizer himself', { from: ana }, 'written_by_the_organizer'],
    ['nobody: there is nothing in it', { body: '> quoted' }, 'empty_mail'],
  ])('of %s is ignored with its reason', async (_, mail, reason) => {
    const one = await invited(tenant)
    const before = (await tenant.sent()).length
    expect(await letter(one, mail)).toMatchObject({ kind: 'ignored', reason })
    expect((await tenant.sent()).length).toBe(before)
  })

  it('is forwarded so often a day and no more', async () => {
    const one = await invited(tenant)
    for (let day = 0; day < 2; day += 1) {
      for (let letters = 0; letters < FORWARDS_PER_DAY_MAX; letters += 1)
        expect(await letter(one)).toMatchObject({ reason: 'plain_text_forwarded' })
      expect(await letter(one)).toMatchObject({ kind: 'ignored', reason: 'too_many_plain_texts' })
      tenant.platform.clock.advance(86_400)
    }
    expect(await forwardedTo(one)).toHaveLength(2 * FORWARDS_PER_DAY_MAX)
  })

  it('with a virus is kept aside, and one to a token of nobody goes nowhere', async () => {
    const one = await invited(tenant)
    const raw = `From: ${bob}\nSubject: x\nMessage-ID: <v@example.org>\n\nhello\n`
    const virus = { to: one.replyAddress, from: bob, authentication: { virus: 'FAIL' } } as const
    expect(await tenant.receive(raw, virus)).toMatchObject({ kind: 'quarantined', reason: 'virus' })
    const nobody = { to: 'r-00000000000000000000000000@events.example.net', from: bob }
    expect(await tenant.receive(raw, nobody)).toMatchObject({ kind: 'ignored', reason: 'unknown_mailbox' })
    expect(await forwardedTo(one)).toEqual([])
  })
})
