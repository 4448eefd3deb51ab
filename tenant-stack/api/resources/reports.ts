import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { ReportQuery, ReportView } from '#shared/contracts/reports-api.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { requestReport } from '#tenant-stack/core/report/report.ts'
import { reportCsv, reportHead, reportPage } from '#tenant-stack/core/report/report-csv.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { requestNameOf } from '../request-name.ts'
import { json, refusals, tooMany } from '../responses.ts'
import { validated } from '../validated.ts'

const params = z.object({ eventId: z.string() })

/** Rows of the table that are read at once: at most some 1.5 MB of CSV. */
const ROWS_A_READ = 200

/** A part ends where it has so much: a Lambda function answers at most 6 MB, in which line ends and quotes are escaped. */
const PART_BYTES_MAX = 3 * 1024 * 1024

const postReport = createRoute({
  method: 'post',
  path: '/events/{eventId}/reports',
  operationId: 'requestReport',
  summary: 'Mail the report of an event, its attendees as CSV, to its organizer and to nobody else',
  security: [{ key: ['reports:write'] }],
  middleware: [requireScope('reports:write'), idempotent] as const,
  request: { params, headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }) },
  responses: { 202: json(ReportView, 'It will be mailed.'), ...refusals, ...tooMany },
})

const getReport = createRoute({
  method: 'get',
  path: '/events/{eventId}/report.csv',
  operationId: 'downloadReport',
  summary: 'The attendees of an event as CSV, addresses unmasked',
  security: [{ key: ['attendees:read', 'attendees:unmasked'] }],
  middleware: [requireScope('attendees:read', 'attendees:unmasked')] as const,
  request: { params, query: ReportQuery },
  responses: {
    200: {
      description: 'CSV (RFC 4180) in UTF-8, in the order of invitation ids.',
      headers: z.object({ link: z.string().optional() }),
      content: { 'text/csv': { schema: z.string() } },
    },
    ...refusals,
  },
})

export const reports = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postReport, async (c) => {
    const { ctx } = c.var
    const { eventId } = c.req.valid('param')
    const { reportId } = await requestReport(ctx, { eventId, name: await requestNameOf(c) })
    return c.json(ReportView.parse({ id: reportId, event_id: eventId, state: 'planned' }), 202)
  })
  .openapi(getReport, async (c) => {
    const { ctx } = c.var
    const { limit, after } = c.req.valid('query')
    const calendarEvent = await getEvent(ctx, c.req.valid('param').eventId)
    // RFC 7111 §5: whether the first record are the titles.
    c.header('content-type', `text/csv; charset=utf-8; header=${after === undefined ? 'present' : 'absent'}`)
    c.header('content-disposition', `attachment; filename="attendees-${calendarEvent.eventId}.csv"`)
    if (limit === undefined && after === undefined)
      return c.body(ReadableStream.from(octetsOf(reportCsv(ctx, calendarEvent))), 200)
    const part = await partOf(ctx, calendarEvent, { limit: limit ?? ROWS_A_READ, after })
    if (part.cursor !== undefined) {
      const query = new URLSearchParams({
        ...(limit === undefined ? {} : { limit: String(limit) }),
        after: part.cursor,
      })
      c.header('link', `<${ctx.settings.apiUrl}/events/${calendarEvent.eventId}/report.csv?${query}>; rel="next"`)
    }
    return c.body(part.csv, 200)
  })

/** As a stream that breaks when reading does: a file that only ends early would look whole. */
async function* octetsOf(csv: AsyncIterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  for await (const piece of csv) yield encoder.encode(piece)
}

async function partOf(
  ctx: Ctx,
  calendarEvent: CalendarEvent,
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly csv: string; readonly cursor?: string }> {
  const pieces = after === undefined ? [reportHead()] : []
  let cursor = after
  let left = limit
  let bytes = 0
  do {
    const rows = Math.min(left, ROWS_A_READ)
    const page = await reportPage(ctx, calendarEvent, { limit: rows, cursor })
    pieces.push(page.csv)
    left -= rows
    bytes += Buffer.byteLength(page.csv)
    cursor = page.cursor
  } while (cursor !== undefined && left > 0 && bytes < PART_BYTES_MAX)
  return { csv: pieces.join(''), ...(cursor === undefined ? {} : { cursor }) }
}
