import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { AnswerView } from '#shared/contracts/replies-api.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { answerWord } from '#tenant-stack/core/invitation/answer-word.ts'
import { maskAddress } from '#tenant-stack/core/mailbox/mask-address.ts'
import { type AnswerRow, listAnswers } from '#tenant-stack/core/reply/list-answers.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { isoOf, timeView } from '../views.ts'

const getAnswers = createRoute({
  method: 'get',
  path: '/events/{eventId}/attendees/{invitationId}/answers',
  operationId: 'listAnswers',
  summary: 'What an attendee has said so far, oldest first',
  security: [{ key: ['attendees:read'] }],
  middleware: [requireScope('attendees:read')] as const,
  request: { params: z.object({ eventId: z.string(), invitationId: z.string() }), query: PageQuery },
  responses: { 200: json(pageOf(AnswerView), 'One page.'), ...refusals },
})

export const answers = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(getAnswers, async (c) => {
  const { ctx, principal } = c.var
  const { limit, after } = c.req.valid('query')
  const { eventId, invitationId } = c.req.valid('param')
  await getEvent(ctx, eventId)
  const page = await listAnswers(ctx, {
    eventId,
    invitationId,
    limit,
    ...(after === undefined ? {} : { cursor: after }),
  })
  const isUnmasked = principal.scopes.includes('attendees:unmasked')
  const data = page.answers.map((answer) => answerView(answer, isUnmasked))
  const next = page.cursor === undefined ? {} : { next_cursor: page.cursor }
  return c.json(pageOf(AnswerView).parse({ data, has_more: page.cursor !== undefined, ...next }), 200)
})

function answerView(row: AnswerRow, isUnmasked: boolean) {
  const shown = (address: string) => (isUnmasked ? address : maskAddress(address))
  const { dtstart, dtend, answeredBy, delegatedTo } = row
  return {
    kind: row.kind,
    channel: row.channel,
    received_at: isoOf(row.receivedAt),
    mail_id: row.mailId,
    answer: row.partstat === undefined ? undefined : answerWord(row.partstat),
    sequence: row.sequence,
    instance: row.recurrenceKey,
    answered_by:
      answeredBy === undefined ? undefined : { email: shown(answeredBy.address), relation: answeredBy.relation },
    delegated_to: delegatedTo?.map(shown),
    ...(isUnmasked ? { comment: row.comment, note: row.note } : {}),
    proposed:
      dtstart === undefined || dtend === undefined ? undefined : { start: timeView(dtstart), end: timeView(dtend) },
  }
}
