import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { LIST_BYTES_MAX, ListRowView, ListUploadQuery, ListView } from '#shared/contracts/lists-api.ts'
import { roomFor } from '#tenant-stack/core/limits/take-quota.ts'
import { maskAddress } from '#tenant-stack/core/mailbox/mask-address.ts'
import { getList, listsOfEvent, refusedRows, sentOfList } from '#tenant-stack/core/recipient-list/list-store.ts'
import {
  cancelList,
  confirmList,
  pauseList,
  resumeList,
  uploadList,
} from '#tenant-stack/core/recipient-list/move-list.ts'
import type { RecipientList } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { ApiFailure } from '../problem.ts'
import { conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const listText = z.any().meta({ type: 'string', description: `The list itself, at most ${LIST_BYTES_MAX} bytes.` })
const params = z.object({ listId: z.string() })
const headers = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() })
const readable = { security: [{ key: ['lists:read'] }], middleware: [requireScope('lists:read')] }
const writable = {
  security: [{ key: ['lists:write'] }],
  middleware: [requireScope('lists:write'), idempotent],
}

const postList = createRoute({
  method: 'post',
  path: '/events/{eventId}/lists',
  operationId: 'uploadList',
  summary: 'Upload people to invite, TXT or CSV; it is checked, and sent once it is confirmed',
  ...writable,
  request: {
    params: z.object({ eventId: z.string() }),
    query: ListUploadQuery,
    headers,
    // Read below: the form's own reader would take text for a form.
    body: {
      required: false,
      content: {
        'multipart/form-data': {
          schema: z.object({
            file: z.any().meta({ type: 'string', format: 'binary', description: `At most ${LIST_BYTES_MAX} bytes.` }),
          }),
        },
        'text/csv': { schema: listText },
        'text/plain': { schema: listText },
      },
    },
  },
  responses: { 202: json(ListView, 'It is being checked.'), ...refusals, ...conflict },
})

const getListsOfEvent = createRoute({
  method: 'get',
  path: '/events/{eventId}/lists',
  operationId: 'listLists',
  summary: 'Lists of an event, newest first',
  ...readable,
  request: { params: z.object({ eventId: z.string() }), query: PageQuery },
  responses: { 200: json(pageOf(ListView), 'One page.'), ...refusals },
})

const getOneList = createRoute({
  method: 'get',
  path: '/lists/{listId}',
  operationId: 'getList',
  summary: 'How far a list is, and what would be or was sent',
  ...readable,
  request: { params },
  responses: { 200: json(ListView, 'As it is now.'), ...refusals },
})

const getRows = createRoute({
  method: 'get',
  path: '/lists/{listId}/rows',
  operationId: 'listRefusedRows',
  summary: 'Lines without an invitation, each with its reason, in the file’s order',
  ...readable,
  request: { params, query: PageQuery },
  responses: { 200: json(pageOf(ListRowView), 'One page.'), ...refusals },
})

const acts = {
  confirm: { act: confirmList, summary: 'Send a list that was checked' },
  pause: { act: pauseList, summary: 'Send nothing more of a list until it is resumed' },
  resume: { act: resumeList, summary: 'Go on with a list that was paused' },
  cancel: { act: cancelList, summary: 'End a list: what was sent stays sent, the others get nothing' },
} as const
const verbs = Object.keys(acts).filter((verb): verb is keyof typeof acts => verb in acts)

const postAct = (verb: keyof typeof acts) =>
  createRoute({
    method: 'post',
    path: `/lists/{listId}/${verb}`,
    operationId: `${verb}List`,
    summary: acts[verb].summary,
    ...writable,
    request: { params, headers },
    responses: { 200: json(ListView, 'As it is now.'), ...refusals, ...conflict },
  })

export const lists = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getListsOfEvent, async (c) => {
    const { ctx } = c.var
    const { limit, after } = c.req.valid('query')
    const { eventId } = c.req.valid('param')
    const page = await listsOfEvent(ctx, { eventId, limit, ...(after === undefined ? {} : { after }) })
    const data = await Promise.all(page.lists.map((list) => listView(ctx, list)))
    const next = page.next === undefined ? {} : { next_cursor: page.next }
    return c.json(pageOf(ListView).parse({ data, has_more: page.next !== undefined, ...next }), 200)
  })
  .openapi(getOneList, async (c) => {
    const { ctx } = c.var
    return c.json(await listView(ctx, await getList(ctx, c.req.valid('param').listId)), 200)
  })
  .openapi(getRows, async (c) => {
    const { ctx, principal } = c.var
    const { limit, after } = c.req.valid('query')
    const page = await refusedRows(ctx, {
      ...c.req.valid('param'),
      limit,
      ...(after === undefined ? {} : { after }),
    })
    const isUnmasked = principal.scopes.includes('attendees:unmasked')
    const data = page.rows.map(({ line, reason, text }) => ({ line, reason, text: isUnmasked ? text : masked(text) }))
    const next = page.next === undefined ? {} : { next_cursor: page.next }
    return c.json(pageOf(ListRowView).parse({ data, has_more: page.next !== undefined, ...next }), 200)
  })

lists.openapi(postList, async (c) => {
  const { ctx } = c.var
  const file = await fileOf(c.req.header('content-type') ?? '', await c.req.arrayBuffer())
  const list = await uploadList(ctx, {
    ...c.req.valid('param'),
    bytes: new Uint8Array(await file.arrayBuffer()),
    isDryRun: c.req.valid('query').dry_run === 'true',
    ...(file.name === '' || file.name === 'blob' ? {} : { fileName: file.name }),
  })
  return c.json(await listView(ctx, list), 202)
})

for (const verb of verbs)
  lists.openapi(postAct(verb), async (c) => {
    const { ctx } = c.var
    return c.json(await listView(ctx, await acts[verb].act(ctx, c.req.valid('param').listId)), 200)
  })

/** Read here and from the bytes: who has asked for them before, to know a repetition, has them as bytes too. */
async function fileOf(contentType: string, bytes: ArrayBuffer): Promise<File> {
  if (/^text\/(?:csv|plain)\b/i.test(contentType)) return new File([new Uint8Array(bytes)], '')
  try {
    const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
    const file = form.get('file')
    if (file instanceof File) return file
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  throw ApiFailure.no_file(
    'Send the list as the file "file" of a form (multipart/form-data), or itself as text/csv or text/plain.',
  )
}

async function listView(ctx: ApiEnv['Variables']['ctx'], list: RecipientList): Promise<z.infer<typeof ListView>> {
  const { sent, failed, suppressed, skipped } = await sentOfList(ctx, list.listId)
  const isLookedAt = list.state === 'ready' || (list.isDryRun === true && list.checkedAt !== undefined)
  const room = isLookedAt ? await roomFor(ctx, list.eventId) : list.valid
  return ListView.parse({
    id: list.listId,
    event_id: list.eventId,
    ...(list.fileName === undefined ? {} : { file_name: list.fileName }),
    ...(list.isDryRun === true ? { dry_run: true } : {}),
    state: list.state,
    rows: list.rows,
    valid: list.valid,
    over_limit: Math.max(0, list.valid - room),
    refused: list.refused,
    planned: list.planned,
    sent,
    failed,
    skipped: suppressed + skipped,
    ...(list.waitsUntil === undefined ? {} : { waits_until: new Date(list.waitsUntil).toISOString() }),
    ...(list.waitsFor === undefined ? {} : { waits_for: list.waitsFor }),
    created_at: new Date(list.createdAt).toISOString(),
    ...(list.confirmedAt === undefined ? {} : { confirmed_at: new Date(list.confirmedAt).toISOString() }),
  })
}

/** Every address in a line, with what surrounds it. */
function masked(text: string): string {
  return text.replaceAll(/[^\s<>",;]+@[^\s<>",;]+/g, (address) => maskAddress(address))
}
