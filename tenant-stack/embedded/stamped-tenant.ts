import { join } from 'node:path'
import { TENANT_NOTICES_FOLDER, TENANTS_FOLDER, type WantedStack } from '#shared/contracts/embedded-stack.ts'
import { writeWholeFile } from '#shared/runtime/whole-file.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { takeLicence } from '#tenant-stack/core/licence-standing/take-licence.ts'
import type { Teller } from '#tenant-stack/core/teller.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { tellHealth } from '#tenant-stack/pipelines/tell/tell-control-plane.ts'
import type { EmbeddedTenant, Wired } from '#tenant-stack/wire.ts'
import { ensureKeyFile, tenantKeyFileName } from './demo-key-file.ts'
import type { OpenStack } from './stack-host.ts'
import { stackOutputs } from './stack-outputs.ts'
import { stackSettings } from './stack-settings.ts'
import type { TenantSite } from './tenant-routes.ts'
import { startTenantWork } from './tenant-work.ts'

/** A stamped tenant at work. */
export type StampedTenant = OpenStack & {
  readonly wired: Wired
  /** Base of its links and pages on this machine, without trailing slash. */
  readonly url: string
  readonly site: TenantSite
}

/** A licence file of this machine is looked at more often than one in a bucket: it costs nothing, and somebody waits for it. */
const licenceSeconds = 2

/** Opens a wanted stack on its own store, blobs, queues and outbox, and begins its work. Throws when anything of it cannot be opened. */
export async function openStampedTenant(
  machine: {
    readonly dataFolder: string
    /** Base of links, without trailing slash. */
    readonly baseUrl: string
    readonly wireBeside: (tenant: EmbeddedTenant) => Promise<Wired>
    readonly isReaderWarm: Promise<void>
    readonly siteOf: (wired: Wired, of: { readonly url: string; readonly keyFile: string }) => TenantSite
  },
  stack: WantedStack,
): Promise<StampedTenant> {
  const { tenantId, domainName, licenceKeys, templateVersion } = stack
  const folder = join(machine.dataFolder, TENANTS_FOLDER, tenantId)
  const url = `${machine.baseUrl}/t/${tenantId}`
  const settings = stackSettings(stack)
  const teller = { tenantId, templateVersion, tell: tellingIn(machine.dataFolder) }
  const wired = await machine.wireBeside({ tenantId, folder, url, licenceKeys, settings, teller })
  const { ctx } = wired
  const keyFile = join(folder, tenantKeyFileName)
  try {
    await wired.own.releaseInFlight()
    await ensureKeyFile(ctx, keyFile, 'first')
    await takeLicence(ctx)
  } catch (error) {
    await wired.close()
    throw error
  }
  const standing = await ctx.licence.standing()
  const work = startTenantWork(wired, {
    isReaderWarm: machine.isReaderWarm,
    more: [{ name: 'licence', everySeconds: licenceSeconds, sweep: licenceSweep(ctx, standing.code) }],
  })
  return {
    tenantId,
    domainName,
    outputs: stackOutputs(stack, url),
    wired,
    url,
    site: machine.siteOf(wired, { url, keyFile }),
    async close() {
      await work.stop()
      await wired.close()
    },
  }
}

/** Takes a new licence file; when the standing changes it is told, and what was held back goes on at once. */
function licenceSweep(ctx: Ctx, standingCode: string): () => Promise<void> {
  let known = standingCode
  return async () => {
    await takeLicence(ctx)
    const { code, isWorking } = await ctx.licence.standing()
    if (code === known) return
    if (isWorking) await sweepHandlers.unfinished(ctx)
    await tellHealth(ctx)
    known = code
  }
}

/** Lays notices where the control plane finds them, each whole. */
function tellingIn(dataFolder: string): Teller['tell'] {
  return (notice) =>
    writeWholeFile(join(dataFolder, TENANT_NOTICES_FOLDER, `${notice.noticeId}.json`), `${JSON.stringify(notice)}\n`)
}
