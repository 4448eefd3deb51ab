import { inletKey, ROUTER_QUEUE } from '#shared/contracts/cell-inlet.ts'
import { CELL_TABLE_SCOPE, type CellRoute, cellRouteKey } from '#shared/contracts/cell-routes.ts'
import { inboundBlobKey, MailReceived } from '#shared/contracts/notices.ts'
import { SesReceipt } from '#shared/contracts/ses-receipt.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { Blobs } from '#shared/platform/blobs.ts'
import type { CellCtx, TenantDoor } from '#tenant-stack/cell/context.ts'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'

export const SES_ID = 'd6iitobk75ur44p8kdnnp7g2n800'

export type TestCell = {
  readonly ctx: CellCtx
  readonly platform: MemoryPlatform
  /** Notices by tenant, in the order in which they came. */
  readonly noticesOf: (tenantId: string) => readonly MailReceived[]
  /** The copy in a tenant's bucket, as text; undefined when there is none. */
  readonly copyOf: (tenantId: string) => Promise<string | undefined>
  readonly receive: (mail: { readonly raw: string; readonly sesId?: string }) => Promise<void>
  readonly close: () => Promise<void>
}

/** The routes that every test of the cell begins with: two tenants, one of them with two domains, and a suspended one. */
const ROUTES: readonly (readonly [domainName: string, tenantId: string, status: CellRoute['status']])[] = [
  ['events.example.com', 'ten_a', 'active'],
  ['events.example.net', 'ten_a', 'active'],
  ['events.example.org', 'ten_b', 'active'],
  ['asleep.example.org', 'ten_c', 'suspended'],
]

/** A cell on the embedded ports in memory. */
export async function createTestCell(): Promise<TestCell> {
  const platform = await createMemoryPlatform({
    tenantId: CELL_TABLE_SCOPE,
    queueDefinitions: [{ queueName: ROUTER_QUEUE, topicNames: [], visibilitySeconds: 360, maxReceives: 5 }],
  })
  const notices: { readonly tenantId: string; readonly notice: MailReceived }[] = []
  const inlet = bucket(platform.blobs, 'cell')
  for (const [domainName, tenantId, status] of ROUTES)
    await platform.table.write({
      kind: 'put',
      item: { ...cellRouteKey(domainName), ...routeOf(domainName, tenantId, status) },
    })
  const ctx: CellCtx = {
    table: platform.table,
    inlet,
    openDoor: ({ tenantId, bucketName }) => {
      const own = bucket(platform.blobs, bucketName)
      return {
        copyFromInlet: async (key, blobKey) => own.put(blobKey, await inlet.get(key)),
        put: (blobKey, bytes) => own.put(blobKey, bytes),
        async notify(body) {
          notices.push({ tenantId, notice: MailReceived.parse(JSON.parse(body)) })
        },
      }
    },
    queues: platform.queues,
    clock: platform.clock,
    log: platform.log,
  }
  return {
    ctx,
    platform,
    noticesOf: (tenantId) => notices.filter((one) => one.tenantId === tenantId).map(({ notice }) => notice),
    copyOf: (tenantId) => textOf(bucket(platform.blobs, bucketNameOf(tenantId)), inboundBlobKey(`mail_${SES_ID}`)),
    receive: ({ raw, sesId = SES_ID }) => inlet.put(inletKey(sesId), Buffer.from(raw, 'latin1')),
    close: () => platform.close(),
  }
}

/** The same ports with `around` at every call of each, as one process of the cell has them. */
export function aroundCell(ctx: CellCtx, around: <T>(verb: string, act: () => Promise<T>) => Promise<T>): CellCtx {
  const { table, inlet, queues } = ctx
  return {
    ...ctx,
    table: {
      get: (key) => around('table.get', () => table.get(key)),
      getMany: (keys) => around('table.getMany', () => table.getMany(keys)),
      write: (operation) => around('table.write', () => table.write(operation)),
      transact: (operations) => around('table.transact', () => table.transact(operations)),
      putMany: (items) => around('table.putMany', () => table.putMany(items)),
      query: (query) => around('table.query', () => table.query(query)),
      scan: (scan) => around('table.scan', () => table.scan(scan)),
    },
    inlet: {
      put: (key, bytes) => around('inlet.put', () => inlet.put(key, bytes)),
      get: (key) => around('inlet.get', () => inlet.get(key)),
      head: (key) => around('inlet.head', () => inlet.head(key)),
      delete: (key) => around('inlet.delete', () => inlet.delete(key)),
      list: (prefix, options) => around('inlet.list', () => inlet.list(prefix, options)),
    },
    openDoor: (route) => aroundDoor(ctx.openDoor(route), route.tenantId, around),
    queues: { ...queues, depth: (queueName) => around('queues.depth', () => queues.depth(queueName)) },
  }
}

function aroundDoor(
  door: TenantDoor,
  tenantId: string,
  around: <T>(verb: string, act: () => Promise<T>) => Promise<T>,
): TenantDoor {
  return {
    copyFromInlet: (key, blobKey) => around(`${tenantId}.copy`, () => door.copyFromInlet(key, blobKey)),
    put: (blobKey, bytes) => around(`${tenantId}.put`, () => door.put(blobKey, bytes)),
    notify: (body) => around(`${tenantId}.notify`, () => door.notify(body)),
  }
}

/** SES's receipt for these recipients. */
export function receiptFor(recipients: readonly string[], sesId = SES_ID): SesReceipt {
  const pass = { status: 'PASS' }
  return SesReceipt.parse({
    notificationType: 'Received',
    mail: {
      timestamp: '2026-11-25T10:00:00.000Z',
      source: 'alice@example.edu',
      messageId: sesId,
      commonHeaders: { from: ['Alice <alice@example.edu>'] },
    },
    receipt: {
      recipients,
      spfVerdict: pass,
      dkimVerdict: pass,
      dmarcVerdict: pass,
      spamVerdict: pass,
      virusVerdict: pass,
    },
  })
}

export async function textOf(blobs: Blobs, key: string): Promise<string | undefined> {
  try {
    return Buffer.from(await blobs.get(key)).toString('latin1')
  } catch (error) {
    if (isFailure(error, 'blob.not_found')) return undefined
    throw error
  }
}

function routeOf(domainName: string, tenantId: string, status: CellRoute['status']): CellRoute {
  const mailTopicArn = `arn:aws:sns:eu-west-1:123456789012:convoke-${tenantId.replace('_', '-')}-mail-received`
  return { domainName, tenantId, bucketName: bucketNameOf(tenantId), mailTopicArn, status }
}

function bucketNameOf(tenantId: string): string {
  return `convoke-${tenantId.replace('_', '-')}`
}

/** One bucket among several in one folder. */
function bucket(blobs: Blobs, name: string): Blobs {
  return {
    put: (key, bytes) => blobs.put(`${name}/${key}`, bytes),
    get: (key) => blobs.get(`${name}/${key}`),
    head: async (key) => {
      const info = await blobs.head(`${name}/${key}`)
      return info === undefined ? undefined : { ...info, key }
    },
    delete: (key) => blobs.delete(`${name}/${key}`),
    async list(prefix, options) {
      const page = await blobs.list(`${name}/${prefix}`, options)
      return { ...page, blobs: page.blobs.map((blob) => ({ ...blob, key: blob.key.slice(name.length + 1) })) }
    },
  }
}
