import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { apiCaller } from '#test/harness/tenant/api-caller.ts'
import { ana, onDay } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

/** What would run, load or lead elsewhere, were it taken for markup or for a tag of a template. */
const HOSTILE = `</title></div><script>alert(1)</script><img src=x onerror=alert(1)>{{title}}{{{bodyHtml}}}$&\${1}`

let tenant: TestTenant
let mails: readonly Awaited<ReturnType<typeof PostalMime.parse>>[]
beforeAll(async () => {
  tenant = await createTestTenant({ audience: 'everyone' })
  const from = `"<img src=y onerror=alert(2)>" <${ana}>`
  const mailOf = (sequence: number, lines: readonly string[]) =>
    organizerMail({
      uid: 'hostile@example.com',
      from,
      subject: HOSTILE,
      lines: [...lines, `SEQUENCE:${sequence}`, `LOCATION:${HOSTILE}`, `DESCRIPTION:${HOSTILE}`],
    })
  const eventId = (await tenant.receive(mailOf(0, onDay(5)), { from: ana })).eventIds[0] ?? ''
  const call = await apiCaller(tenant.ctx)
  await call('POST', `/events/${eventId}/invitations`, {
    body: { email: 'bob@example.org', name: HOSTILE.slice(0, 80) },
  })
  await call('POST', `/events/${eventId}/reports`, {})
  await tenant.drain()
  await tenant.receive(mailOf(1, onDay(6)), { from: ana })
  await tenant.drain()
  await call('DELETE', `/events/${eventId}`)
  await tenant.drain()
  mails = await Promise.all((await tenant.sent()).map(({ raw }) => PostalMime.parse(raw)))
})
afterAll(() => tenant.close())

describe('an event whose title, place and text are hostile', () => {
  it('is created, reported on, sent, moved and called off', () => {
    const subjects = mails.map(({ subject }) => subject?.split(':')[0])
    expect(subjects).toEqual(
      expect.arrayContaining(['Created', 'Invitation', 'Report', 'Updated invitation', 'Cancelled']),
    )
  })

  it('puts no markup of its own into any mail, and loses none of its letters', () => {
    for (const { html, text } of mails) {
      expect(html).not.toMatch(/<script|<img/i)
      expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
      expect(html).toContain('{{title}}{{{bodyHtml}}}$&amp;')
      expect(text).toContain('<script>alert(1)</script>')
      expect(html?.match(/<\/title>/g)).toHaveLength(1)
    }
  })
})
