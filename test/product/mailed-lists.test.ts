import PostalMime from 'postal-mime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Authentication } from '#shared/imip/authentication.ts'
import { listsOfEvent } from '#tenant-stack/core/recipient-list/list-store.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { filesMail, type ListMail, listMails } from '#test/fixtures/list-mails.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
const to = 'lists@events.example.net'
const unproven: Partial<Authentication> = { spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
let tenant: TestTenant
let eventId: string
beforeEach(async () => {
  tenant = await createTestTenant()
  eventId = (await tenant.receive(organizerMail({ uid: 'talk@example.com' }), { from: ana })).eventIds[0] ?? ''
})
afterEach(() => tenant.close())

const mail = (raw: string, from = ana, authentication: Partial<Authentication> = {}) =>
  tenant.receive(raw, { to, from, authentication })

async function mailsTo(address: string) {
  const raws = (await tenant.sent()).filter((one) => one.to === address)
  return Promise.all(raws.map(({ raw }) => PostalMime.parse(raw)))
}

const subjects = async (address = ana) => (await mailsTo(address)).map(({ subject }) => subject)
const invited = async () => (await tenant.sent()).map((one) => one.to).filter((one) => one !== ana)
const lists = async (of = eventId) => (await listsOfEvent(tenant.ctx, { eventId: of, limit: 20 })).lists

/** The page behind the newest link that Ana was mailed. */
async function link(kind = 'list'): Promise<string> {
  const texts = (await mailsTo(ana)).map(({ text }) => new RegExp(`/${kind}/[0-9a-z]{26}`).exec(text ?? '')?.[0])
  return texts.findLast((found) => found !== undefined) ?? '/none'
}

const look = async (path: string) => createPages(tenant.ctx).request(path)
const press = async (path: string, act: string) => {
  const response = await createPages(tenant.ctx).request(path, { method: 'POST', headers: form, body: `act=${act}` })
  await tenant.drain()
  return { status: response.status, html: await response.text() }
}

const people = 'email,name\nbob@example.org,Bob\nzoë@example.org,x\ncleo@example.org,Cléo\nbob@example.org,again\n'
const outcomeOf = ({ kind, reason, answer }: Awaited<ReturnType<typeof mail>>) => `${kind}: ${reason}, ${answer}`

describe.each(['gmail', 'outlook', 'apple'] as const)('a list mailed by %s', (client) => {
  it('is checked, confirmed on its page and sent to each of its people once, by name', async () => {
    const list = client === 'outlook' ? new Uint8Array(Buffer.from(people, 'latin1')) : people
    expect(outcomeOf(await mail(listMails[client]({ list })))).toBe('acted: list_taken, list_mail')
    expect(await lists()).toMatchObject([
      { state: 'ready', rows: 4, valid: 2, refused: { invalid_address: 1, duplicate: 1 } },
    ])
    expect(await invited()).toEqual([])
    expect(await subjects()).toEqual(['Created: A meeting', 'Please confirm your list: A meeting'])
    const [, asked] = await mailsTo(ana)
    expect(asked?.text).toContain('2 people would be invited')
    expect(asked?.text).toContain(`File: people.${client === 'apple' ? 'txt' : 'csv'}`)
    expect(asked?.text).toContain('Left out: 1 already further up in the list')
    expect(asked?.inReplyTo).toBe('<list-1@example.com>')
    const page = await look(await link())
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Invite 2 people?')])
    expect(await invited()).toEqual([])
    expect(await press(await link(), 'confirm')).toMatchObject({
      status: 200,
      html: expect.stringContaining('Confirmed'),
    })
    expect((await invited()).toSorted()).toEqual(['bob@example.org', 'cleo@example.org'])
    const [invite] = await mailsTo('cleo@example.org')
    expect(invite?.to?.[0]).toMatchObject({ address: 'cleo@example.org', name: 'Cléo' })
    const part = invite?.attachments.find(({ mimeType }) => mimeType === 'text/calendar')
    const calendar = typeof part?.content === 'string' ? part.content : new TextDecoder().decode(part?.content)
    expect(calendar).toContain('METHOD:REQUEST')
    expect((await subjects()).at(-1)).toBe('Your list is sent: A meeting')
  })
})

describe('the event of a mailed list', () => {
  const gmail = (more: Partial<ListMail>) =>
    listMails.gmail({ list: 'bob@example.org\n', subject: 'My people', ...more })

  it.each<[string, () => Promise<Partial<ListMail>>]>([
    ['its id in the subject', async () => ({ subject: `People for ${eventId.toUpperCase()}` })],
    ['its id in the text', async () => ({ body: `For ${eventId}, please.` })],
    ['the subject of an upcoming event, answered', async () => ({ subject: 'RE: Fwd:  a MEETING' })],
    [
      'an answer to the created mail',
      async () => ({ headers: [`In-Reply-To: ${(await mailsTo(ana))[0]?.messageId}`] }),
    ],
    [
      'an answer to the created mail under the id that the mail service gave it',
      async () => {
        const [sent] = (await tenant.platform.outbox.list({ limit: 1 })).mails
        const id = `<${sent?.mailerMessageId}@eu-central-1.amazonses.com>`
        return { headers: [`References: <other@example.com>`, ` ${id}`] }
      },
    ],
  ])('is told by %s', async (_name, more) => {
    await tenant.receive(organizerMail({ uid: 'other@example.com', subject: 'Other' }), { from: ana })
    const before = (await mailsTo(ana)).length
    expect(before).toBe(2)
    const { eventIds, reason } = await mail(gmail(await more()))
    // The newest mail of the outbox is about the other event.
    const isOther = _name.includes('mail service')
    expect([reason, eventIds[0] === eventId]).toEqual(['list_taken', !isOther])
    expect(eventIds).toHaveLength(1)
  })

  it.each<[string, string, (other: string) => Partial<ListMail>]>([
    ['nothing names one', 'list_no_event', () => ({})],
    ['two ids are in the text', 'list_several_events', (other) => ({ body: `${eventId} or ${other}` })],
    ['two events have its subject', 'list_several_events', () => ({ subject: 'A meeting' })],
    ['the id is nobody’s', 'list_no_event', () => ({ subject: `evt_${'0'.repeat(26)}` })],
  ])('is asked for when %s', async (_name, reason, more) => {
    const other = await tenant.receive(organizerMail({ uid: 'twin@example.com' }), { from: ana })
    expect(outcomeOf(await mail(gmail(more(other.eventIds[0] ?? ''))))).toBe(`ignored: ${reason}, failed_mail`)
    const [told] = (await mailsTo(ana)).slice(-1)
    expect(told?.text).toContain('Your list could not be used')
    expect(told?.text).toContain('Nobody was invited because of it.')
    expect([await lists(), await invited()]).toEqual([[], []])
  })

  it('is not taken from a stranger, who learns nothing of it, nor when it is cancelled', async () => {
    const eve = 'eve@example.org'
    const stranger = gmail({ from: eve, subject: eventId, messageId: 'eve@example.org' })
    expect(outcomeOf(await mail(stranger, eve))).toBe('ignored: list_not_organizer, failed_mail')
    const nobody = gmail({ from: eve, subject: `evt_${'0'.repeat(26)}`, messageId: 'eve-2@example.org' })
    await mail(nobody, eve)
    const told = (await mailsTo(eve)).map(({ text }) => text?.replace(/^(?:Reference|Your mail): .*\n/gm, ''))
    expect([told.length, new Set(told).size]).toEqual([2, 1])
    await tenant.receive(
      organizerMail({ uid: 'talk@example.com', method: 'CANCEL', lines: ['SEQUENCE:1'] }).replace('<talk@', '<gone@'),
      { from: ana },
    )
    expect((await mail(gmail({ subject: eventId }))).reason).toBe('list_event_cancelled')
    expect(await lists()).toEqual([])
  })
})

describe('a mail to lists@ that brings no list', () => {
  it.each<[string, string, readonly { type: string; name: string; list: string }[]]>([
    ['no file', 'list_no_file', []],
    ['a picture', 'list_no_file', [{ type: 'image/png', name: 'people.csv', list: 'x' }]],
    ['a spreadsheet', 'list_spreadsheet', [{ type: 'application/vnd.ms-excel', name: 'people.xlsx', list: 'PK' }]],
    ['an empty file', 'list_empty', [{ type: 'text/plain', name: 'people.txt', list: '\r\n \r\n' }]],
    [
      'a huge file',
      'list_too_large',
      [{ type: 'text/csv', name: 'people.csv', list: 'a@example.org\n'.repeat(300_000) }],
    ],
  ])('is answered: %s', async (_name, reason, files) => {
    expect(outcomeOf(await mail(filesMail({}, files)))).toBe(`ignored: ${reason}, failed_mail`)
    expect((await subjects()).at(-1)).toBe('Could not be used: A meeting')
    expect(await lists()).toEqual([])
  })

  it('is answered ten times a day and no more', async () => {
    for (let nth = 0; nth < 12; nth += 1) await mail(filesMail({ messageId: `nothing-${nth}@example.com` }, []))
    expect((await subjects()).filter((subject) => subject?.startsWith('Could not'))).toHaveLength(10)
  })

  it('of a machine is not answered, and its list not taken', async () => {
    const list = 'bob@example.org\n'
    const robot = listMails.gmail({ list, headers: ['Precedence: bulk'] })
    expect(outcomeOf(await mail(robot))).toBe('ignored: bulk, nothing')
    expect([await lists(), (await mailsTo(ana)).length]).toEqual([[], 1])
  })
})

it('takes each of several files for a list, and tells of the one that is none', async () => {
  const raw = filesMail({}, [
    { type: 'application/octet-stream', name: 'a.csv', list: 'a@example.org\n' },
    { type: 'text/plain', name: 'none.txt', list: '\n' },
    { type: 'application/csv', name: 'b.dat', list: 'b@example.org\n' },
  ])
  expect(outcomeOf(await mail(raw))).toBe('acted: list_taken, list_mail')
  expect((await lists()).map(({ fileName = '' }) => fileName).toSorted()).toEqual(['a.csv', 'b.dat'])
  const told = (await mailsTo(ana)).slice(1)
  expect(told.map(({ subject = '' }) => subject).toSorted()).toEqual([
    'Could not be used: A meeting',
    'Please confirm your list: A meeting',
    'Please confirm your list: A meeting',
  ])
  expect(told.some(({ text }) => text?.includes('File: none.txt\nReason: list_empty'))).toBe(true)
})

describe('a From that nothing proves', () => {
  const raw = listMails.gmail({ list: 'bob@example.org\n' })

  it('makes no list before its owner has said so; then it is as any other', async () => {
    expect(outcomeOf(await mail(raw, 'x@example.net', unproven))).toBe(
      'needs_confirmation: sender_not_authenticated, confirmation_link',
    )
    expect([await lists(), await subjects()]).toEqual([
      [],
      ['Created: A meeting', 'Please confirm: was this list yours?'],
    ])
    const page = await look(await link('confirm'))
    expect(await page.text()).toContain('Did you send this list?')
    expect(await press(await link('confirm'), '')).toMatchObject({ status: 200 })
    expect(await lists()).toMatchObject([{ state: 'ready', valid: 1 }])
    await press(await link('confirm'), '')
    expect([(await lists()).length, await invited()]).toEqual([1, []])
    await press(await link(), 'confirm')
    expect(await invited()).toEqual(['bob@example.org'])
  })

  it('of who has no event here is asked nothing', async () => {
    const eve = listMails.gmail({ list: 'bob@example.org\n', from: 'eve@example.org', subject: eventId })
    expect(outcomeOf(await mail(eve, 'x@example.net', unproven))).toBe('ignored: sender_not_authenticated, nothing')
    expect(await mailsTo('eve@example.org')).toEqual([])
  })
})

describe('the page of a list', () => {
  beforeEach(() => mail(listMails.gmail({ list: 'bob@example.org\ncleo@example.org\n' })))

  it('sends once, however often it is confirmed and its mail delivered', async () => {
    const path = await link()
    await mail(listMails.gmail({ list: 'bob@example.org\ncleo@example.org\n' }))
    expect((await lists()).length).toBe(1)
    expect([(await press(path, 'confirm')).status, (await press(path, 'confirm')).status]).toEqual([200, 200])
    expect((await invited()).toSorted()).toEqual(['bob@example.org', 'cleo@example.org'])
    expect((await press(path, 'cancel')).status).toBe(409)
  })

  it('cancels, and then confirms no more', async () => {
    const path = await link()
    expect(await press(path, 'cancel')).toMatchObject({ status: 200, html: expect.stringContaining('Cancelled') })
    expect((await press(path, 'confirm')).status).toBe(409)
    expect([await invited(), (await lists())[0]?.state]).toEqual([[], 'cancelled'])
  })

  it('does nothing after its time, for a wrong word, nor behind a link of nobody', async () => {
    const path = await link()
    expect((await press(path, 'send')).status).toBe(422)
    expect((await press(`/list/${'0'.repeat(26)}`, 'confirm')).status).toBe(404)
    expect((await look('/list/short')).status).toBe(404)
    tenant.platform.clock.advance(8 * 86_400)
    await sweepHandlers.unfinished(tenant.ctx)
    expect([(await look(path)).status, (await press(path, 'confirm')).status]).toEqual([410, 410])
    expect([await invited(), (await lists())[0]?.state]).toEqual([[], 'ready'])
  })
})
