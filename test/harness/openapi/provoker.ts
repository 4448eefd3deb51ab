import { expect } from 'vitest'
import { ApiScope, Problem } from '#shared/contracts/api.ts'
import { createApi } from '#tenant-stack/api/app.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { ana, invited } from '../tenant/invited.ts'
import type { TestTenant } from '../tenant/test-tenant.ts'
import { type Operation, operationsOf, TenantDocument } from './document.ts'

export type Asked = {
  readonly method: string
  readonly path: string
  readonly scopes?: readonly ApiScope[]
  /** Instead of a key of all scopes; null: none. */
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly type?: string
  readonly body?: string
  readonly ctx?: Ctx
}

/** 26 characters of an id that nothing has. */
export const UNKNOWN = '0'.repeat(26)

/** Asks every operation of the tenant's API for what it must refuse; there are an event, an invitation and a list. */
export async function createProvoker(tenant: TestTenant) {
  const keys = new Map<string, Promise<string>>()
  const real = new Map<string, string>([['email', ana]])

  function keyOf(scopes: readonly ApiScope[]): Promise<string> {
    const name = scopes.join()
    const key = keys.get(name) ?? createApiKey(tenant.ctx, { label: 'test', scopes }).then(({ secret }) => secret)
    keys.set(name, key)
    return key
  }

  async function send({ method, path, scopes = ApiScope.options, key, headers, type, body, ctx = tenant.ctx }: Asked) {
    const secret = key === undefined ? await keyOf(scopes) : key
    const response = await createApi(ctx).request(path, {
      method,
      headers: {
        ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
        ...(type === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const answer: Record<string, unknown> = text === '' ? {} : Object(JSON.parse(text))
    return { status: response.status, headers: response.headers, body: answer }
  }

  const { body: document } = await send({ method: 'GET', path: '/v1/openapi.json', key: null })
  const { eventId, invitationId } = await invited(tenant)
  const path = `/v1/events/${eventId}/lists`
  const { body: list } = await send({ path, method: 'POST', type: 'text/plain', body: 'carol@example.org' })
  const webhook = await send({
    path: '/v1/webhooks',
    method: 'POST',
    type: 'application/json',
    body: JSON.stringify({ url: 'https://hooks.example.com/', types: ['answer.recorded'] }),
  })
  real.set('webhookId', String(webhook.body.id))
  real.set('eventId', eventId).set('invitationId', invitationId).set('listId', String(list.id))

  return {
    operations: operationsOf(TenantDocument.parse(document)),
    send,
    /** The operation with what is there, or with ids that nothing has; with its own example as body. */
    example({ method, path, requestBody }: Operation, things: 'real' | 'unknown'): Asked {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const unknown = name === 'email' ? 'nobody@example.com' : `${name.slice(0, 3)}_${UNKNOWN}`
        return encodeURIComponent(things === 'real' ? (real.get(name) ?? unknown) : unknown)
      })
      const bodies = Object.entries(requestBody?.content ?? {}).filter(([name]) => name !== 'multipart/form-data')
      const [[type, media] = []] = bodies
      const said = media?.example
      const body = typeof said === 'string' ? said : JSON.stringify(said)
      return { method, path: filled, ...(type === undefined ? {} : { type, body }) }
    },
    /** Sends it, and holds what comes back against RFC 9457 and our own members. */
    async refused({ operationId }: Operation, asked: Asked, expected: { status: number; code: string }) {
      const { status, headers, body } = await send(asked)
      const name = `${operationId} ${asked.method} ${asked.path}`
      const found = { name, status, code: body.code, type: headers.get('content-type') }
      expect(found).toEqual({ name, ...expected, type: 'application/problem+json' })
      const problem = Problem.parse(body)
      expect([problem.status, problem.request_id]).toEqual([status, headers.get('x-request-id')])
      expect(problem.type).toBe(`urn:convoke:problem:${expected.code}`)
      expect(problem.request_id).toMatch(/^req_/)
      return { problem, headers }
    },
  }
}

export type Provoker = Awaited<ReturnType<typeof createProvoker>>
