import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { assertLicensed } from '#tenant-stack/core/licence-standing/held-work.ts'
import { roomFor } from '#tenant-stack/core/limits/take-quota.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { refusedWords } from '#tenant-stack/core/notice-mail/row-words.ts'
import { findByListLink } from '#tenant-stack/core/recipient-list/list-link.ts'
import { getList, refusedRows, sentOfList } from '#tenant-stack/core/recipient-list/list-store.ts'
import { cancelList, confirmList, pauseList, resumeList } from '#tenant-stack/core/recipient-list/move-list.ts'
import type { ListState, RecipientList } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { type Markup, PAGE_HEADERS, page } from './page.ts'

/** What has become of a list that waits for nobody's word any more. */
const TOLD: Readonly<Record<Exclude<ListState, 'ready'>, readonly [title: string, words: string]>> = {
  checking: ['Your list is being checked', 'Come back in a minute.'],
  sending: ['Confirmed', 'The invitations are being sent. You get a mail when all of them are.'],
  paused: ['Paused', 'Nothing more of this list is sent until it goes on.'],
  done: ['Done', 'The invitations of this list are sent.'],
  cancelled: ['Cancelled', 'Nothing more of this list is sent.'],
}

/** What the organizer can do; the first is what he most likely wants. */
const BUTTONS: Readonly<Record<ListState, readonly (readonly [act: string, label: string])[]>> = {
  checking: [['cancel', 'Cancel: send nothing']],
  ready: [
    ['confirm', 'Send the invitations'],
    ['cancel', 'Cancel: send nothing'],
  ],
  sending: [
    ['pause', 'Pause'],
    ['cancel', 'Cancel: send nothing more'],
  ],
  paused: [
    ['resume', 'Go on'],
    ['cancel', 'Cancel: send nothing more'],
  ],
  done: [],
  cancelled: [],
}

const UNDER_WAY: ReadonlySet<ListState> = new Set(['checking', 'sending'])
const REFRESH_SECONDS = 5

/** Lines without an invitation whose numbers are shown. */
const LINES_SHOWN = 30

/** The page of the organizer behind a list's link. GET changes nothing, because scanners follow links; its buttons confirm, pause, resume or cancel. */
export function listPages(ctx: Ctx): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next()
      for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value)
    })
    .get('/:token', async (c) => {
      const found = await findByListLink(ctx, c.req.param('token'))
      if (found === undefined) return c.html(notKnown(), 404)
      if (found.isExpired && found.list.state === 'ready') return c.html(expired(), 410)
      return c.html(await shown(ctx, found.list))
    })
    .post('/:token', async (c) => {
      const found = await findByListLink(ctx, c.req.param('token'))
      if (found === undefined) return c.html(notKnown(), 404)
      if (found.isExpired) return c.html(expired(), 410)
      const { act } = await c.req.parseBody()
      return acted(ctx, c, found.list, act)
    })
}

async function acted(ctx: Ctx, c: Context, { listId }: RecipientList, act: unknown): Promise<Response> {
  try {
    if (act === 'cancel') return c.html(await shown(ctx, await cancelList(ctx, listId)))
    if (act === 'pause') return c.html(await shown(ctx, await pauseList(ctx, listId)))
    const goOn = act === 'confirm' ? confirmList : act === 'resume' ? resumeList : undefined
    if (goOn === undefined) return c.html(await shown(ctx, await getList(ctx, listId)), 422)
    await assertLicensed(ctx)
    return c.html(await shown(ctx, await goOn(ctx, listId)))
  } catch (error) {
    // The licence, or the organizer himself, is suspended.
    if (isFailure(error) && error.status === 403)
      return c.html(page('Not at present', html`<p>${error.message}</p>`), 403)
    if (!isFailure(error) || error.status !== 409) throw error
    return c.html(await shown(ctx, await getList(ctx, listId)), 409)
  }
}

async function shown(ctx: Ctx, list: RecipientList): Promise<Markup> {
  const calendarEvent = await getEvent(ctx, list.eventId)
  const facts = html`<p><strong>${calendarEvent.subject === '' ? words.untitled : calendarEvent.subject}</strong><br>
${whenText(words.dates, calendarEvent)}${list.fileName === undefined ? '' : html`<br>List: ${list.fileName}`}</p>`
  if (list.state !== 'ready') {
    const [title, words] = TOLD[list.state]
    const body = html`<p>${words}</p>${facts}${await progressOf(ctx, list)}${await leftOut(ctx, list)}${buttons(list)}`
    return page(title, body, UNDER_WAY.has(list.state) ? { refreshSeconds: REFRESH_SECONDS } : {})
  }
  if (calendarEvent.status === 'cancelled')
    return page('The event is cancelled', html`<p>Nobody can be invited to it any more.</p>${facts}`)
  const over = Math.max(0, list.valid - (await roomFor(ctx, list.eventId)))
  const who = list.valid === 1 ? '1 person' : `${list.valid} people`
  return page(
    `Invite ${who}?`,
    html`${facts}<p>Of ${list.rows} lines ${list.valid} would get an invitation. Nothing has been sent yet.</p>
${over === 0 ? '' : html`<p>${over} of them are more than your limits have room for at present.</p>`}
${await leftOut(ctx, list)}${buttons(list)}`,
  )
}

/** A bar of what has left, as far as it is known how many are to. */
async function progressOf(
  ctx: Ctx,
  { listId, state, confirmedAt, valid, plannedAt, planned }: RecipientList,
): Promise<Markup> {
  if (confirmedAt === undefined || state === 'cancelled') return html``
  const { sent, failed, suppressed, skipped } = await sentOfList(ctx, listId)
  const all = plannedAt === undefined ? Math.max(valid, planned) : planned
  const through = Math.min(all, sent + failed + suppressed + skipped)
  const bar = all === 0 ? '' : html`<progress max="${all}" value="${through}" aria-label="Sent"></progress>`
  return html`<p>${bar}<br>${sent} of ${all} sent${failed === 0 ? '' : `, ${failed} refused by the mail service`}.</p>`
}

/** Line numbers alone: the link may be passed on, and lines hold addresses. */
async function leftOut(ctx: Ctx, { listId, refused }: RecipientList): Promise<Markup> {
  const words = refusedWords(refused)
  if (words.length === 0) return html``
  const { rows, next } = await refusedRows(ctx, { listId, limit: LINES_SHOWN })
  const lines = rows.map(({ line }) => line).join(', ')
  const where = rows.length === 0 ? '' : html`<p>In line ${lines}${next === undefined ? '' : ' and others'}.</p>`
  return html`<p>Left out:</p><ul>${words.map((one) => html`<li>${one}</li>`)}</ul>${where}`
}

function buttons({ state }: RecipientList): Markup {
  return html`${BUTTONS[state].map(
    ([act, label], nth) =>
      html`<form method="post" style="margin-top:1rem"><input type="hidden" name="act" value="${act}"><button type="submit"${nth === 0 ? '' : html` class="quiet"`}>${label}</button></form>`,
  )}`
}

function expired(): Markup {
  return page(
    'This link has expired',
    html`<p>Nothing was sent. Mail the list again, and you get a new link with what it would come to now.</p>`,
  )
}

function notKnown(): Markup {
  return page(
    'This link is not known',
    html`<p>It may have been cut in your mail. Copy the whole link from the mail.</p>`,
  )
}
