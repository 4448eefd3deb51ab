import { confirmList, uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { lifeOfAnEvent, mailsOf } from './life-of-an-event.ts'
import type { Act, Scene } from './story.ts'

const PEOPLE = [
  'Email,Name',
  'carl@example.org,Carl',
  'dora@example.org,Dora',
  'CARL@example.org,Again',
  'nobody,Nobody',
]
/** One who has the first mail already when the second list, of him and another, is planned. */
const MORE = ['dora@example.org', 'erin@example.org', 'fred@example.org']

/** A list is uploaded, checked, confirmed and sent; one bounces, one unsubscribes; a second list has both of them and others. */
export const lifeOfAList: readonly Act[] = [
  ...lifeOfAnEvent.slice(0, 2),
  upload('first', PEOPLE),
  confirm('first'),
  tell('carl@example.org', 'Delivery', {}),
  tell('dora@example.org', 'Bounce', { bounce: { bounceType: 'Permanent', bounceSubType: 'General' } }),
  unsubscribe('carl@example.org'),
  upload('second', [...MORE, 'carl@example.org']),
  confirm('second'),
]

function upload(name: string, lines: readonly string[]): Act {
  return async (ctx, { known }) => {
    const bytes = new TextEncoder().encode(lines.join('\n'))
    const { listId } = await uploadList(ctx, { eventId: known.get('eventId') ?? '', bytes, fileName: `${name}.csv` })
    known.set(name, listId)
  }
}

function confirm(name: string): Act {
  return async (ctx, { known }) => void (await confirmList(ctx, known.get(name) ?? ''))
}

/** What the mail service tells of the mail that it took for an address. */
function tell(address: string, eventType: string, more: object): Act {
  return async (_ctx, { platform }) => {
    const sendId = await lastSendTo(platform, address)
    const mail = { messageId: 'm-1', timestamp: '2026-11-24T10:00:00.000Z', tags: { sendId: [sendId] } }
    await platform.queues.send('feedback', JSON.stringify({ eventType, mail, ...more }))
  }
}

async function lastSendTo(platform: Scene['platform'], address: string): Promise<string> {
  const { mails } = await platform.outbox.list({ limit: 100 })
  return mails.find(({ envelopeTo }) => envelopeTo === address)?.sendId ?? ''
}

/** The mail program's own button (RFC 8058). */
function unsubscribe(address: string): Act {
  return async (ctx, { platform }) => {
    const text = (await mailsOf(platform)).findLast(({ to }) => to === address)?.text ?? ''
    const path = /\/unsubscribe\/[0-9a-f]+/.exec(text)?.[0] ?? '/none'
    const answered = await createPages(ctx).request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
    if (answered.status !== 200) throw new Error(`the page answered ${answered.status}`)
  }
}
