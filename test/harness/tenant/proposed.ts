import { listProposals } from '#tenant-stack/core/proposal/proposal-store.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import type { ReplyFacts } from '#test/fixtures/reply-mails.ts'
import { ana, type Invited } from './invited.ts'
import type { TestTenant } from './test-tenant.ts'

/** Bob proposes 16:00 to 17:00 in Madrid on a day of March, in UTC as Outlook does. */
export const counter = (day: number, more: Partial<ReplyFacts> = {}): Partial<ReplyFacts> => ({
  method: 'COUNTER',
  partstat: 'TENTATIVE',
  start: `202703${String(day).padStart(2, '0')}T150000Z`,
  end: `202703${String(day).padStart(2, '0')}T160000Z`,
  dtstamp: '20261123T130000Z',
  ...more,
})

export const proposalsOf = async (tenant: TestTenant, eventId: string) =>
  (await listProposals(tenant.ctx, { eventId, limit: 100 })).proposals

/** The page behind the link in the last mail that asks the organizer. */
export async function asked(tenant: TestTenant, one: Invited) {
  const mails = (await one.mailsTo(ana)).filter(({ subject }) => subject?.startsWith('New time proposed'))
  const text = mails.at(-1)?.text ?? ''
  const path = new URL(/https:\S+\/proposal\/\S+/.exec(text)?.[0] ?? 'https://none.example/').pathname
  const pages = createPages(tenant.ctx)
  const press = async (act: string) => {
    const response = await pages.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ act }).toString(),
    })
    await tenant.drain()
    return { status: response.status, text: await response.text() }
  }
  return { count: mails.length, text, path, press, shown: async () => (await pages.request(path)).text() }
}
