import { oneLine } from '#shared/imip/compose/header-text.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { roomFor } from '#tenant-stack/core/limits/take-quota.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import type { NoticeParts } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { refusedWords } from '#tenant-stack/core/notice-mail/row-words.ts'
import { issueListLink, LIST_LINK_SECONDS } from '#tenant-stack/core/recipient-list/list-link.ts'
import { listNoticeId } from '#tenant-stack/core/recipient-list/list-notices.ts'
import { getList, sentOfList } from '#tenant-stack/core/recipient-list/list-store.ts'
import type { ListNotice, RecipientList } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { sendNotice } from './send-notice.ts'

type About = { readonly list: RecipientList; readonly title: string }
type Told = Pick<NoticeParts, 'title' | 'paragraphs' | 'links'> & {
  readonly word: string
  readonly facts: NoticeParts['facts']
}

/** The organizer is told of a list of his: that it waits for his word, that it stands still and why, or what has come of it. */
export async function sendListNotice(
  ctx: Ctx,
  { listId, what }: { readonly listId: string; readonly what: ListNotice },
): Promise<void> {
  const list = await getList(ctx, listId)
  const calendarEvent = await getEvent(ctx, list.eventId)
  const ledgerId = listNoticeId(listId, what)
  const title = calendarEvent.subject === '' ? words.untitled : calendarEvent.subject
  const told = await tellers[what](ctx, { list, title })
  const { fromMail } = list
  const delivery = fromMail === undefined ? undefined : await findDelivery(ctx, fromMail.mailId, fromMail.recipient)
  await sendNotice(ctx, {
    ledgerId,
    to: calendarEvent.organizerAddress,
    inReplyTo: delivery?.messageId,
    parts: {
      subject: `${told.word}: ${title}`,
      title: told.title,
      paragraphs: told.paragraphs,
      facts: [...told.facts, ...factsOf(ctx, list, calendarEvent)],
      links: told.links,
      footer: words.notices.list.footer(oneLine(title)),
    },
    headers: { 'Reply-To': mailboxAddress(ctx.settings, 'lists') },
    resume: { topicName: 'notice-due', body: JSON.stringify({ noticeId: ledgerId }) },
  })
}

function factsOf({ settings }: Ctx, list: RecipientList, calendarEvent: CalendarEvent): NoticeParts['facts'] {
  return [
    ...(list.fileName === undefined ? [] : [[words.facts.file, oneLine(list.fileName)] as const]),
    [words.facts.when, whenText(words.dates, calendarEvent)],
    [words.facts.eventId, calendarEvent.eventId],
    [words.notices.list.list, list.listId],
    ...(Object.keys(list.refused).length === 0
      ? []
      : [[words.notices.list.eachLine, `${settings.apiUrl}/lists/${list.listId}/rows`] as const]),
  ]
}

const tellers: { readonly [W in ListNotice]: (ctx: Ctx, about: About) => Promise<Told> } = {
  async checked(ctx, { list, title }) {
    const said = words.notices.list.checked
    const over = Math.max(0, list.valid - (await roomFor(ctx, list.eventId)))
    const isNobody = list.valid === 0
    return {
      word: said.word,
      title: said.title(list.valid),
      paragraphs: isNobody
        ? [said.none(title)]
        : [said.some(title), ...(over === 0 ? [] : [said.over(over)]), said.how(LIST_LINK_SECONDS / 86_400)],
      facts: linesOf(list),
      links: isNobody ? [] : [[said.button, await issueListLink(ctx, list)]],
    }
  },
  async waits(ctx, { list, title }) {
    const said = words.notices.list.waits
    const until = `${new Date(list.waitsUntil ?? ctx.clock.now()).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    const paragraphs = [said.until(title, until), said.faster]
    return { word: said.word, title: said.title, paragraphs, facts: await sentSoFar(ctx, list), links: [] }
  },
  async stopped(ctx, { list, title }) {
    const said = words.notices.list.stopped
    const paragraphs = [said.why(title), said.goesOn]
    return { word: said.word, title: said.title, paragraphs, facts: await sentSoFar(ctx, list), links: [] }
  },
  async done(ctx, { list, title }) {
    const said = words.notices.list.done
    const { sent, failed, suppressed, skipped } = await sentOfList(ctx, list.listId)
    return {
      word: said.word,
      title: said.title(sent),
      paragraphs: [said.isDone(title)],
      facts: [
        [said.sent, String(sent)],
        ...(failed === 0 ? [] : [[said.failed, String(failed)] as const]),
        ...(suppressed + skipped === 0 ? [] : [[said.heldBack, String(suppressed + skipped)] as const]),
        ...linesOf(list),
      ],
      links: [],
    }
  },
}

async function sentSoFar(ctx: Ctx, { listId }: RecipientList): Promise<NoticeParts['facts']> {
  const { sent } = await sentOfList(ctx, listId)
  return [[words.notices.list.sentSoFar, String(sent)]]
}

function linesOf({ rows, refused }: RecipientList): NoticeParts['facts'] {
  const { lines, leftOut } = words.notices.list
  return [[lines, String(rows)], ...refusedWords(refused).map((why) => [leftOut, why] as const)]
}
