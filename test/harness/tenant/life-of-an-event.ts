import PostalMime from 'postal-mime'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { listMails } from '../../fixtures/list-mails.ts'
import { mailWith, organizerMail } from '../../fixtures/organizer-mails.ts'
import { type ReplyFacts, replyShapes } from '../../fixtures/reply-mails.ts'
import type { MemoryPlatform } from '../platform/memory-platform.ts'
import type { Act, Scene } from './story.ts'
import { STRANGER_HELO } from './worker.ts'

const ana = 'ana.diaz@example.com'
const bob = 'bob@example.org'
const create = 'create@events.example.net'
const lists = 'lists@events.example.net'
const uid = 'life@example.com'

/** Mail in, invitation, answer, new time, answer to that, cancel. */
export const lifeOfAnEvent: readonly Act[] = [
  mail('REQUEST', 0, '20270305T090000Z'),
  invite,
  reply('ACCEPTED', 0),
  mail('REQUEST', 1, '20270306T090000Z'),
  reply('DECLINED', 1),
  mail('CANCEL', 2, '20270306T090000Z'),
]

/** A mail that holds no calendar: the sender is told. */
export const lifeOfAFailure: readonly Act[] = [
  receive(mailWith({ uid: 'no-calendar@example.com' }, 'text/plain', 'Please create my event.'), create, ana),
]

/** A mail that proves nothing: its sender confirms by the link, and the event is created. */
export const lifeOfAConfirmation: readonly Act[] = [
  receive(organizerMail({ uid: 'unproven@example.com' }), create, ana, STRANGER_HELO),
  async (ctx, scene) => {
    const [link] = await mailsOf(scene.platform)
    const path = /\/confirm\/[0-9a-z]{26}/.exec(link?.text ?? '')?.[0] ?? ''
    const pages = createPages(ctx)
    const looked = await pages.request(path)
    const answered = await pages.request(path, { method: 'POST' })
    if (looked.status !== 200 || answered.status !== 200) throw new Error('the page did not answer')
  },
]

/** A series with two attendees, of which one date and then another are called off. */
export const lifeOfASeries: readonly Act[] = [
  mail('REQUEST', 0, '20270305T090000Z', ['RRULE:FREQ=DAILY;COUNT=5']),
  invite,
  reply('ACCEPTED', 0),
  mail('CANCEL', 1, '20270306T090000Z', ['RECURRENCE-ID:20270306T090000Z']),
  mail('CANCEL', 2, '20270308T090000Z', ['RECURRENCE-ID:20270308T090000Z']),
]

/** A list by mail, confirmed on its page and sent; another that nobody can confirm by its From, confirmed twice and then cancelled. */
export const lifeOfAList: readonly Act[] = [
  mail('REQUEST', 0, '20270305T090000Z'),
  receive(listMails.gmail({ list: `${bob}\ncleo@example.org\n${bob}\nnobody@\n` }), lists, ana),
  press(/\/list\/[0-9a-z]+/, { act: 'confirm' }),
  receive(listMails.apple({ list: 'dora@example.org\n', messageId: 'list-2@example.com' }), lists, ana, STRANGER_HELO),
  press(/\/confirm\/[0-9a-z]+/, {}),
  press(/\/list\/[0-9a-z]+/, { act: 'cancel' }),
]

/** An answer on the page; another time that is proposed and taken over; one more that is declined; a copy asked for; a letter. */
export const lifeOfAnAttendee: readonly Act[] = [
  mail('REQUEST', 0, '20270305T090000Z'),
  invite,
  press(/\/answer\/[0-9a-z]+/, { answer: 'maybe', shown: '0' }),
  reply('ACCEPTED', 0, { method: 'COUNTER', start: '20270306T150000Z', end: '20270306T160000Z' }),
  press(/\/proposal\/[0-9a-z]+/, { act: 'accept' }),
  reply('ACCEPTED', 1, { method: 'COUNTER', start: '20270307T150000Z', end: '20270307T160000Z' }),
  press(/\/proposal\/[0-9a-z]+/, { act: 'decline' }),
  reply('ACCEPTED', 1, { method: 'REFRESH' }),
  letter,
]

/** A place and then a time change that the attendee is not told of, for he has not answered: he answers by mail, and on the page. */
export const lifeOfALateAnswer: readonly Act[] = [
  mail('REQUEST', 0, '20270305T090000Z'),
  invite,
  mail('REQUEST', 1, '20270305T090000Z', ['LOCATION:Room 2']),
  reply('ACCEPTED', 0),
  mail('REQUEST', 2, '20270306T090000Z', ['LOCATION:Room 2']),
  press(/\/answer\/[0-9a-z]+/, { answer: 'maybe', shown: '2' }),
]

export type Read = { readonly to: string; readonly subject: string; readonly text: string; readonly calendar: string }

/** Every mail that went out, oldest first, read by a parser of another maker. */
export async function mailsOf(platform: MemoryPlatform): Promise<readonly Read[]> {
  const { mails } = await platform.outbox.list({ limit: 100 })
  const read = mails.map(async ({ mailerMessageId, envelopeTo }) => {
    const parsed = await PostalMime.parse(Buffer.from(await platform.outbox.raw(mailerMessageId)))
    const part = parsed.attachments.find((attachment) => attachment.mimeType === 'text/calendar')
    const calendar = part === undefined ? '' : textOf(part.content)
    return { to: envelopeTo, subject: parsed.subject ?? '', text: parsed.text ?? '', calendar }
  })
  return (await Promise.all(read)).reverse()
}

function textOf(content: string | ArrayBuffer | Uint8Array): string {
  return (typeof content === 'string' ? content : new TextDecoder().decode(content)).replaceAll(/\r?\n /g, '')
}

/** A mail that comes in by our own door. */
export function receive(raw: string, to: string, from: string, helo = 'helo'): Act {
  return async (ctx) => {
    await acceptMail(ctx, {
      raw: Buffer.from(raw.replaceAll(/\r?\n/g, '\r\n')),
      envelopeFrom: from,
      recipients: [to],
      origin: { remoteAddress: '203.0.113.7', helo },
    })
  }
}

function mail(method: 'REQUEST' | 'CANCEL', sequence: number, start: string, more: readonly string[] = []): Act {
  const lines = [`SEQUENCE:${sequence}`, `DTSTART:${start}`, 'DURATION:PT1H', ...more]
  const raw = organizerMail({ uid, method, lines }).replace(`Message-ID: <${uid}>`, `Message-ID: <${sequence}.${uid}>`)
  return receive(raw, create, ana)
}

/** The path of the last link of a kind that was mailed. */
async function linkOf({ platform }: Scene, link: RegExp): Promise<string> {
  const texts = (await mailsOf(platform)).map(({ text }) => link.exec(text)?.[0])
  return texts.findLast((found) => found !== undefined) ?? '/none'
}

/** The button behind the last link of a kind, with the page's own name of the question; the same when it is pressed again. */
export function pressAsked(link: RegExp): Act {
  return async (ctx, scene) => {
    const { known } = scene
    const shown = async () => (await createPages(ctx).request(await linkOf(scene, link))).text()
    const ask = known.get('ask') ?? /name="ask" value="([^"]+)"/.exec(await shown())?.[1] ?? ''
    known.set('ask', ask)
    await press(link, { ask })(ctx, scene)
  }
}

/** The button behind the last link of a kind that was mailed. */
function press(link: RegExp, fields: Readonly<Record<string, string>>): Act {
  return async (ctx, scene) => {
    const path = await linkOf(scene, link)
    const answered = await createPages(ctx).request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    })
    if (answered.status !== 200) throw new Error(`the page answered ${answered.status}`)
  }
}

function reply(partstat: 'ACCEPTED' | 'DECLINED', sequence: number, more: Partial<ReplyFacts> = {}): Act {
  return async (ctx, scene) => {
    const replyAddress = scene.known.get('replyAddress') ?? (await replyAddressOf(scene))
    scene.known.set('replyAddress', replyAddress)
    const raw = replyShapes.google({
      uid: `${scene.known.get('eventId')}@events.example.net`,
      replyAddress,
      attendee: bob,
      partstat,
      sequence,
      dtstamp: `20261123T1${sequence}0000Z`,
      start: '20270305T090000Z',
      end: '20270305T100000Z',
      ...more,
    })
    await receive(raw, replyAddress, bob)(ctx, scene)
  }
}

async function letter(...[ctx, scene]: Parameters<Act>): Promise<void> {
  const raw = mailWith({ uid: 'letter@example.org', from: bob }, 'text/plain', 'I come by train.')
  await receive(raw, scene.known.get('replyAddress') ?? '', bob)(ctx, scene)
}

async function replyAddressOf({ platform }: Scene): Promise<string> {
  const mails = await mailsOf(platform)
  const calendar = mails.find(({ to }) => to === bob)?.calendar ?? ''
  return /ORGANIZER[^\r\n]*mailto:([^\r\n]+)/i.exec(calendar)?.[1] ?? ''
}

async function invite(ctx: Parameters<Act>[0], { known }: Scene): Promise<void> {
  const month = new Date(ctx.clock.now()).toISOString().slice(0, 7)
  const [row] = (await ctx.table.query({ pk: `events#${month}`, limit: 10 })).items
  const eventId = typeof row?.eventId === 'string' ? row.eventId : ''
  known.set('eventId', eventId)
  await inviteAttendee(ctx, { eventId, address: bob, name: 'Bob', channel: 'api' })
}
