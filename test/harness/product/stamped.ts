import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PresentStack, type WantedStack } from '#shared/contracts/embedded-stack.ts'
import type { LicencePayload } from '#shared/contracts/licence-file.ts'
import { TenantNotice } from '#shared/contracts/tenant-notices.ts'
import { createFileBlobs } from '#shared/platform/embedded/file-blobs.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import { createTestVendor } from '../tenant/test-vendor.ts'
import { entriesOf, type OutboxEntry, type TestProduct } from './start-product.ts'

const looks = 400
const betweenLooksMilliseconds = 50

/** Stamps tenants on a data folder as the control plane does: by the wanted file and the licence file. */
export function createStamper(dataFolder: string) {
  const vendor = createTestVendor()
  const wantedFile = (stackName: string) => join(dataFolder, 'stacks/wanted', `${stackName}.json`)

  async function want(stackName: string, text: string): Promise<void> {
    await mkdir(join(dataFolder, 'stacks/wanted'), { recursive: true })
    await writeFile(`${wantedFile(stackName)}.part`, text)
    await rename(`${wantedFile(stackName)}.part`, wantedFile(stackName))
  }

  return {
    vendor,
    want,
    /** Wants a stack; with licence keys unless told otherwise. */
    wantStack: (stack: Pick<WantedStack, 'stackName' | 'tenantId' | 'domainName'> & Partial<WantedStack>) =>
      want(
        stack.stackName,
        JSON.stringify({ templateVersion: '1.0.0', parameters: {}, licenceKeys: vendor.licenceKeys, ...stack }),
      ),
    unwant: (stackName: string) => rm(wantedFile(stackName)),
    /** Writes the tenant's licence file, as of now. */
    async licence(tenant: Pick<LicencePayload, 'tenantId' | 'domainName'>, change: Partial<LicencePayload> = {}) {
      const blobs = await createFileBlobs({
        folder: join(dataFolder, 'tenants', tenant.tenantId, 'blobs'),
        clock: systemClock,
      })
      await vendor.issue(blobs, { ...tenant, issuedAt: systemClock.now(), ...change })
    },
    /** Looks until the stack is told to be as it should. Gives up after 20 s. */
    present: (stackName: string, fits: (present: PresentStack) => boolean) =>
      until(async () => {
        const text = await readFile(join(dataFolder, 'stacks/present', `${stackName}.json`), 'utf8').catch(
          () => undefined,
        )
        const present = text === undefined ? undefined : PresentStack.parse(JSON.parse(text))
        return present !== undefined && fits(present) ? present : undefined
      }),
    async notices(): Promise<readonly TenantNotice[]> {
      const folder = join(dataFolder, 'notices')
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
      return Promise.all(
        names.map(async (name) => TenantNotice.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
      )
    },
  }
}

/** Looks until there is something. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let turn = 0; turn < looks; turn += 1) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, betweenLooksMilliseconds))
  }
  throw new Error('it did not come')
}

/** A stamped tenant of a running product, by its path. */
export function stampedAt(product: TestProduct, tenantId: string) {
  const page = (path: string, init?: RequestInit) => product.page(`/t/${tenantId}${path}`, init)
  const outbox = async () => entriesOf(await (await page('/outbox')).text())
  return {
    page,
    outbox,
    async api(path: string, init: RequestInit = {}) {
      const key = (await readFile(join(product.dataFolder, 'tenants', tenantId, 'api-key.txt'), 'utf8')).trim()
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
      const response = await page(`/v1${path}`, { ...init, headers })
      const body: unknown = await response.json()
      return { status: response.status, body }
    },
    waitForOutbox: (fits: (entry: OutboxEntry) => boolean) =>
      until(async () => {
        const found = (await outbox()).find(fits)
        return found === undefined
          ? undefined
          : { ...found, raw: await (await page(`/outbox/${found.mailerMessageId}/mail.eml`)).text() }
      }),
  }
}
