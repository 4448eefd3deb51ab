import { html } from 'hono/html'
import type { InboundDelivery } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { emptyState, type Markup, page, timeOf } from './layout.ts'

/** One UTC day of the inbound log, newest first. */
export type InboundDay = {
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly isToday: boolean
  readonly isFirstPage: boolean
  readonly deliveries: readonly InboundDelivery[]
  readonly cursor?: string
}

const toneOf = { acted: 'good', needs_confirmation: 'warn', ignored: '', quarantined: 'bad' } as const
const wordOf = {
  acted: 'Acted on',
  needs_confirmation: 'Unconfirmed',
  ignored: 'Ignored',
  quarantined: 'Quarantined',
} as const
const answerOf = {
  nothing: 'the sender was told nothing',
  created_mail: 'the sender was told that it is created',
  list_mail: 'the sender is told what his list comes to, and asked to confirm it',
  failed_mail: 'the sender was told what was wrong',
  confirmation_link: 'the sender got a link to confirm',
  report_mail: 'the sender gets the report',
} as const

/** A received mail as a row: what became of it, and why. */
export function inboundRows(deliveries: readonly InboundDelivery[]): Markup {
  return html`<ul class="rows">${deliveries.map((delivery) => {
    const { outcome } = delivery
    const subject = delivery.subject ?? delivery.mailId
    const badge =
      outcome === undefined
        ? html`<span class="badge">In work</span>`
        : html`<span class="badge ${toneOf[outcome.kind]}">${wordOf[outcome.kind]}</span>`
    const reason =
      outcome === undefined
        ? ''
        : html`<span class="more"><code>${outcome.reason}</code>${outcome.detail === undefined ? '' : ` ${outcome.detail}`} · ${answerOf[outcome.answer]}${outcome.eventIds.map((eventId) => html` · <code>${eventId}</code>`)}</span>`
    return html`<li class="row">${badge}<span class="what">${subject}</span>${timeOf(delivery.receivedAt)}
<span class="more">${delivery.from === undefined ? '' : `from ${delivery.from} `}to ${delivery.recipient}</span>${reason}</li>`
  })}</ul>`
}

/** The log of received mail: every mail with one outcome and its reason. */
export function inboundPage(
  shown: InboundDay,
  { createAddress, base }: { readonly createAddress: string; readonly base: string },
): Markup {
  const list =
    shown.deliveries.length === 0
      ? emptyState(
          shown.isToday ? 'No mail has come in today' : 'No mail came in on this day',
          html`<p>Mail an invite to ${createAddress}; every mail is listed with what became of it, and why.</p>`,
        )
      : inboundRows(shown.deliveries)
  return page({
    title: 'Inbound mail',
    place: '/inbound',
    base,
    main: html`<h1>Inbound mail</h1>
<p class="lead">Every mail ends in one outcome with a reason. This is the log of <time datetime="${shown.day}">${shown.day}</time> (UTC).</p>
${list}${dayPager(shown, base)}`,
  })
}

function dayPager({ day, isToday, isFirstPage, cursor }: InboundDay, base: string): Markup {
  const later = isFirstPage ? dayFrom(day, 1) : day
  const newer = isToday && isFirstPage ? html`<span></span>` : html`<a href="${base}/inbound?day=${later}">← Newer</a>`
  const older =
    cursor === undefined
      ? html`<a href="${base}/inbound?day=${dayFrom(day, -1)}">The day before →</a>`
      : html`<a href="${base}/inbound?day=${day}&amp;after=${encodeURIComponent(cursor)}">Older →</a>`
  return html`<nav class="pager" aria-label="Pages">${newer}${older}</nav>`
}

function dayFrom(day: string, days: number): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000)
}

/** The UTC day of an instant, `YYYY-MM-DD`. */
export function dayOf(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().slice(0, 10)
}
