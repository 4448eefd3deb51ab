import type { Ctx } from '#control-plane/core/context.ts'
import { sendControlMail } from '#control-plane/core/control-mail/send-control-mail.ts'
import { askProof } from '#control-plane/core/domain/claim-ask.ts'
import type { ProofRow } from '#control-plane/core/domain/claim-proof.ts'
import { domainWrite } from '#control-plane/core/domain/domain-store.ts'
import { registerLicensee } from '#control-plane/core/licensee/register-licensee.ts'
import { type Registered, registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant, tenantWrite } from '#control-plane/core/tenant/tenant-store.ts'
import { tick } from '#control-plane/core/tick.ts'
import type { Dns } from '#control-plane/dns/resolvers.ts'
import { noticeOf } from '#control-plane/manifest.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { lookAtContest } from '#control-plane/provisioning/look-at-contest.ts'
import { lookAtDomain } from '#control-plane/provisioning/look-at-domain.ts'
import { proveClaim } from '#control-plane/provisioning/prove-claim.ts'
import { createTestCloud, type TestCloud } from '../cloud/simulated-cloud.ts'
import { createTextDns, type TextDns } from '../dns/text-dns.ts'
import type { Ports } from '../platform/around-ports.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from './control-plane.ts'
import { engineCtx } from './engine-ctx.ts'

export const CONTESTED = 'b.example.com'
const registrableName = 'example.com'
const DAY_MS = 24 * 3600_000

export type ContestWorld = {
  readonly plane: ControlPlaneInMemory
  readonly dns: TextDns
  readonly holder: string
  readonly challenger: string
  /** The holder's tenant, live on `CONTESTED`. */
  readonly tenantId: string
  /** A worker; its ports may stand behind faults. */
  readonly ctx: (ports?: Ports) => ProvisioningCtx
  readonly claim: (licenseeId: string, ports?: Ports) => Promise<Registered>
  readonly ask: (licenseeId: string) => Promise<ProofRow>
  readonly show: (proof: ProofRow) => void
  readonly prove: (licenseeId: string) => Promise<unknown>
  /** Handles all that waits in the queues of contests, domains and mails; a message whose worker fails is given back once. */
  readonly work: (ports?: Ports) => Promise<void>
  /** Lets so many days go by, with a tick and its work every six hours or so. */
  readonly days: (count: number, options?: { readonly ports?: Ports; readonly looksADay?: number }) => Promise<void>
  readonly tenant: () => Promise<Tenant>
  /** `to: subject` of every mail that left. */
  readonly mails: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** Two licensees, and a live tenant of the first whose name the second may come to contest. */
export async function contestWorld(
  options: { readonly dnsMode?: Tenant['dnsMode']; readonly dns?: Dns; readonly nameServers?: readonly string[] } = {},
): Promise<ContestWorld> {
  const { dnsMode = 'manual', nameServers = [] } = options
  const plane = await controlPlaneInMemory()
  const cloud: TestCloud = await createTestCloud({ platform: plane.platform })
  const dns = createTextDns()
  const { clock, outbox } = plane.platform
  const ctx: ContestWorld['ctx'] = (ports) => {
    const base = plane.ctxOf()
    const through: Ctx = ports === undefined ? base : { ...base, ...ports }
    return engineCtx(through, { dns: options.dns ?? dns.dns, cloud: cloud.cloud })
  }
  const holder = (await registerLicensee(ctx(), { name: 'Acme', billingEmail: 'pay@example.com' })).licenseeId
  const challenger = (await registerLicensee(ctx(), { name: 'Bolt', billingEmail: 'pay@example.org' })).licenseeId
  const claim: ContestWorld['claim'] = (licenseeId, ports) =>
    registerTenant(ctx(ports), {
      licenseeId,
      domainName: CONTESTED,
      registrableName,
      placement: 'cell',
      dnsMode,
      region: 'us-east-1',
    })
  const { tenantId } = (await claim(holder)).tenant
  await makeLive(ctx(), tenantId, nameServers)

  async function handle(queueName: string, body: unknown, ports: Ports | undefined): Promise<void> {
    if (queueName === 'contest-due') await lookAtContest(ctx(ports), noticeOf['contest-due'].parse(body))
    else if (queueName === 'domain-due') await lookAtDomain(ctx(ports), noticeOf['domain-due'].parse(body))
    else await sendControlMail(ctx(ports), noticeOf['mail-due'].parse(body))
  }

  async function work(ports?: Ports): Promise<void> {
    for (;;) {
      const told = await Promise.all(
        (['contest-due', 'domain-due', 'mail-due'] as const).map(async (queueName) =>
          (await plane.takeAll(queueName)).map((body) => ({ queueName, body })),
        ),
      )
      if (told.flat().length === 0) return
      // The process has died: another one gets the message once more.
      for (const { queueName, body } of told.flat())
        await handle(queueName, body, ports).catch(() => handle(queueName, body, undefined))
    }
  }

  return {
    plane,
    dns,
    holder,
    challenger,
    tenantId,
    ctx,
    claim,
    work,
    ask: (licenseeId) => askProof(ctx(), { licenseeId, domainName: CONTESTED, registrableName }),
    show: ({ token }) => dns.enter(`_convoke-claim.${CONTESTED}`, `convoke-claim=${token}`),
    prove: (licenseeId) => proveClaim(ctx(), { licenseeId, domainName: CONTESTED }),
    async days(count, { ports, looksADay = 4 } = {}) {
      for (let parts = count * looksADay; parts > 0; parts -= 1) {
        clock.set(clock.now() + DAY_MS / looksADay)
        await tick(ctx())
        await work(ports)
      }
    },
    tenant: () => getTenant(ctx(), tenantId),
    async mails() {
      const { mails } = await outbox.list({ limit: 100 })
      const raws = await Promise.all(mails.map(async (mail) => Buffer.from(await outbox.raw(mail.mailerMessageId))))
      const subjects = raws.map((raw) => /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(raw.toString('latin1'))?.[1] ?? '')
      return mails
        .map(({ envelopeTo }, at) => `${envelopeTo}: ${subjects[at]?.replaceAll(/\r\n[ \t]/g, ' ')}`)
        .toSorted()
    },
    async close() {
      await cloud.close()
      await plane.platform.close()
    },
  }
}

async function makeLive(ctx: Ctx, tenantId: string, nameServers: readonly string[]): Promise<void> {
  const before = await getTenant(ctx, tenantId)
  const now = ctx.clock.now()
  const { licenseeId, domainName } = before
  await ctx.table.transact([
    tenantWrite(before, { ...before, state: 'live', stackName: 'convoke', version: before.version + 1 }),
    domainWrite(undefined, {
      tenantId,
      licenseeId,
      domainName,
      state: 'verified',
      nameServers: [...nameServers],
      records: [],
      lookingSince: now,
      looks: 0,
      createdAt: now,
      version: 1,
    }),
  ])
}
