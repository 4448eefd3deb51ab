import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { Money } from '../money/money-context.ts'
import { type Engine, runDue } from '../money/run-due.ts'
import { ALL_ROUTES } from '../routes/all-routes.ts'
import type { ApiFault } from '../state/faults.ts'
import type { Unit } from '../state/unit.ts'
import { expanded } from './expand.ts'
import { parseForm } from './form.ts'
import { idempotentCall, type Remembered, recall, rememberRow } from './idempotency.ts'
import { refusalBody, refuse } from './refusal.ts'
import type { Route } from './route.ts'

const BODY_BYTES_MAX = 256 * 1024
const VERSION_SHAPE = /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/
const FAULT_BODY = { error: { type: 'api_error', message: 'An unknown error occurred' } }

const Expand = z.array(z.string()).catch([])

type Call = {
  readonly route: Route
  readonly pathId: string
  readonly secondId: string
  readonly text: string
  readonly requestId: string
  readonly idempotencyKey: string | undefined
  readonly path: string
}

/** Marks an answer that nobody is to see. */
export const LOST_CONNECTION = 'x-double-lost'

/** Stripe's v1 API: form in, JSON out, errors in its shape; unknown paths answer its 404. */
export function createApi(api: Engine): Hono {
  const app = new Hono()
  app.use('*', bodyLimit({ maxSize: BODY_BYTES_MAX }))
  for (const route of ALL_ROUTES)
    app.on(route.method, route.path, async (c) => {
      const requestId = api.ctx.ids.newId('req')
      const isRead = c.req.method === 'GET'
      const text = isRead ? new URL(c.req.url).search.slice(1) : await c.req.text()
      const call: Call = {
        route,
        pathId: c.req.param('id') ?? '',
        secondId: c.req.param('second') ?? '',
        text,
        requestId,
        idempotencyKey: isRead ? undefined : c.req.header('idempotency-key'),
        path: c.req.path,
      }
      return shaped(requestId, c.req.header('stripe-version'), call.idempotencyKey, async () => {
        checkKey(c.req.header('authorization') ?? '')
        checkVersion(c.req.header('stripe-version'))
        // What time has brought by now is true before the call.
        await runDue(api)
        return api.ctx.oneAtATime(() => answerCall(api, call))
      })
    })
  app.all('*', (c) =>
    shaped(api.ctx.ids.newId('req'), undefined, undefined, () =>
      Promise.reject(refuse.unknownUrl(c.req.method, c.req.path)),
    ),
  )
  // A fault of ours, or of the table: nothing was written, and the same call may be made again.
  app.onError((error) => {
    api.ctx.log.error({ at: 'stripe_double.failed', name: error.name })
    return Response.json(FAULT_BODY, { status: 500 })
  })
  return app
}

type Shaped = Remembered & { readonly isReplayed?: boolean; readonly isLost?: boolean }

async function shaped(
  requestId: string,
  version: string | undefined,
  idempotencyKey: string | undefined,
  answer: () => Promise<Shaped>,
): Promise<Response> {
  const said = await answer().catch((error: unknown): Shaped => {
    if (!isFailure(error)) throw error
    return { status: error.status, json: JSON.stringify(refusalBody(error)), requestId }
  })
  return new Response(said.json, {
    status: said.status,
    headers: {
      'content-type': 'application/json',
      'request-id': said.isReplayed === true ? said.requestId : requestId,
      ...(version === undefined ? {} : { 'stripe-version': version }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(said.isReplayed === true ? { 'idempotent-replayed': 'true' } : {}),
      ...(said.isLost === true ? { [LOST_CONNECTION]: 'true' } : {}),
      // A stored 500 is answered again for the life of its key, so trying again with that key is of no use.
      ...(said.status === 500 ? { 'stripe-should-retry': 'false' } : {}),
    },
  })
}

/** The double takes test keys alone: with a live one somebody believes that he speaks to Stripe. */
function checkKey(authorization: string): void {
  const [, scheme = '', credential = ''] = /^(Bearer|Basic) (.+)$/.exec(authorization) ?? []
  const key = scheme === 'Basic' ? Buffer.from(credential, 'base64').toString().replace(/:.*$/s, '') : credential
  if (key === '') throw refuse.unauthorized('You did not provide an API key.')
  if (!/^sk_test_\w+$/.test(key))
    throw refuse.unauthorized(
      `Invalid API Key provided: ${key.slice(0, 8)}****. The local double takes sk_test_ keys alone.`,
    )
}

function checkVersion(version: string | undefined): void {
  if (version !== undefined && !VERSION_SHAPE.test(version))
    throw refuse.invalid(`Invalid Stripe API version: ${version}`)
}

async function answerCall(api: Engine, call: Call): Promise<Shaped> {
  const { ctx } = api
  const { idempotencyKey, requestId } = call
  const fault = ctx.faults.api?.({ method: call.route.method, path: call.path }) ?? 'none'
  const idempotent =
    idempotencyKey === undefined ? undefined : idempotentCall(idempotencyKey, call.route.method, call.path, call.text)
  if (fault === 'throttled') throw refuse.throttled()
  if (fault === 'lost_before') return { ...failedOnce(requestId), isLost: true }
  const first = idempotent === undefined ? undefined : await recall(ctx.table, idempotent)
  if (first !== undefined) return { ...first, isReplayed: true }

  // Parameters are checked before anything starts: a call refused here leaves its key unused.
  const { expand, ...form } = parseForm(call.text)
  const act = call.route.parse(form)
  const paths = Expand.parse(expand)
  const remember = (said: Remembered) =>
    idempotent === undefined
      ? []
      : [{ kind: 'put' as const, item: rememberRow(idempotent, said, Math.floor(ctx.clock.now() / 1000)) }]

  if (fault === 'before') {
    for (const operation of remember(failedOnce(requestId))) await ctx.table.write(operation)
    return failedOnce(requestId)
  }
  const work = async (unit: Unit): Promise<Remembered> => {
    const money: Money = { unit, settings: ctx.settings, baseUrl: ctx.baseUrl() }
    const { status = 200, body } = await act(money, call.pathId, call.secondId)
    const json = JSON.stringify(await expanded(unit, body, paths))
    return fault === 'after' ? failedOnce(requestId) : { status, json, requestId }
  }
  const caller = { requestId, idempotencyKey: idempotencyKey ?? null }
  try {
    const said = await api.runUnit(caller, work, remember)
    return { ...said, isLost: isLostAfter(fault) }
  } catch (error) {
    if (!isFailure(error)) throw error
    const refused = { status: error.status, json: JSON.stringify(refusalBody(error)), requestId }
    for (const operation of remember(refused)) await ctx.table.write(operation)
    return { ...refused, isLost: isLostAfter(fault) }
  }
}

function isLostAfter(fault: ApiFault): boolean {
  return fault === 'lost_after'
}

function failedOnce(requestId: string): Remembered {
  return { status: 500, json: JSON.stringify(FAULT_BODY), requestId }
}
