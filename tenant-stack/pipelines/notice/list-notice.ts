import { oneLine } from '#shared/imip/compose/header-text.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { whenText } from '#tenant-stack/core/invite-mail/when-text.ts'
import { roomFor } from '#tenant-stack/core/limits/take-quota.ts'
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
  const title = calendarEvent.subject === '' ? 'Untitled event' : calendarEvent.subject
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
      footer: `Sent because you invite people to "${oneLine(title)}" with a list.`,
    },
    headers: { 'Reply-To': mailboxAddress(ctx.settings, 'lists') },
    resume: { topicName: 'notice-due', body: JSON.stringify({ noticeId: ledgerId }) },
  })
}

function factsOf({ settings }: Ctx, list: RecipientList, calendarEvent: CalendarEvent): NoticeParts['facts'] {
  return [
    ...(list.fileName === undefined ? [] : [['File', oneLine(list.fileName)] as const]),
    ['When', whenText(calendarEvent)],
    ['Event id', calendarEvent.eventId],
    ['List', list.listId],
    ...(Object.keys(list.refused).length === 0
      ? []
      : [['Each line by API', `${settings.apiUrl}/lists/${list.listId}/rows`] as const]),
  ]
}

const tellers: { readonly [W in ListNotice]: (ctx: Ctx, about: About) => Promise<Told> } = {
  async checked(ctx, { list, title }) {
    const over = Math.max(0, list.valid - (await roomFor(ctx, list.eventId)))
    const days = LIST_LINK_SECONDS / 86_400
    return {
      word: 'Please confirm your list',
      title: list.valid === 0 ? 'Your list would reach nobody' : `${people(list.valid)} would be invited`,
      paragraphs:
        list.valid === 0
          ? [`Your list for "${title}" was checked: none of its lines would get an invitation.`]
          : [
              `Your list for "${title}" was checked. Nothing has been sent yet.`,
              ...(over === 0 ? [] : [`${over} of them are more than your limits have room for at present.`]),
              `To send it, open the page and press the button; there you can cancel it, too. The link works for ${days} days and is for you alone.`,
            ],
      facts: linesOf(list),
      links: list.valid === 0 ? [] : [['Look and confirm', await issueListLink(ctx, list)]],
    }
  },
  async waits(ctx, { list, title }) {
    const { sent } = await sentOfList(ctx, list.listId)
    const until = `${new Date(list.waitsUntil ?? ctx.clock.now()).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    return {
      word: 'Your list waits',
      title: 'The limit of this day is reached',
      paragraphs: [
        `Your list for "${title}" stands still because this server may invite no more people today. It goes on by itself at ${until}; you need do nothing.`,
        'Ask your administrator when it has to be faster.',
      ],
      facts: [['Sent so far', String(sent)]],
      links: [],
    }
  },
  async stopped(ctx, { list, title }) {
    const { sent } = await sentOfList(ctx, list.listId)
    return {
      word: 'Your list stands still',
      title: 'This server sends no mail at present',
      paragraphs: [
        `Your list for "${title}" stands still: too many mails of this server came back or were complained about, so all its mail to attendees is stopped.`,
        'Your administrator lets it go on. The list then goes on by itself, and nobody is invited twice.',
      ],
      facts: [['Sent so far', String(sent)]],
      links: [],
    }
  },
  async done(ctx, { list, title }) {
    const { sent, failed, suppressed, skipped } = await sentOfList(ctx, list.listId)
    return {
      word: 'Your list is sent',
      title: `${people(sent)} invited`,
      paragraphs: [`Your list for "${title}" is done.`],
      facts: [
        ['Sent', String(sent)],
        ...(failed === 0 ? [] : [['Refused by their mail servers', String(failed)] as const]),
        ...(suppressed + skipped === 0
          ? []
          : [['Held back, who want no mail by now', String(suppressed + skipped)] as const]),
        ...linesOf(list),
      ],
      links: [],
    }
  },
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`
}

function linesOf({ rows, refused }: RecipientList): NoticeParts['facts'] {
  return [['Lines', String(rows)], ...refusedWords(refused).map((words) => ['Left out', words] as const)]
}
