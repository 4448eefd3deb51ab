import { generateKeyPairSync } from 'node:crypto'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import type { Sees } from '#control-plane/cloud/simulated/simulation.ts'
import { registerCell } from '#control-plane/core/placement/register-cell.ts'
import { openRing, registerRelease } from '#control-plane/core/release/register-release.ts'
import { LAST_RING } from '#control-plane/core/release/rings.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant, listTenants } from '#control-plane/core/tenant/tenant-store.ts'
import { RCODE } from '#control-plane/dns/lookups.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { siteOf } from '#control-plane/provisioning/site.ts'
import { accountBaselineOf } from '#shared/contracts/account-baseline.ts'
import { openSigningKey } from '#shared/licence/signing-key.ts'
import { type Estate, openEstate } from '#test/harness/aws/estate.ts'
import { emulatedClouds } from '#test/harness/cloud/emulated-cloud.ts'
import { type LocalDns, openLocalDns } from '../dns/local-dns.ts'
import { placeAdapted, releaseBucketOf } from './aws-account.ts'
import { openGateway } from './aws-gateway.ts'
import { type Organization, openOrganization } from './aws-organization.ts'
import { receiveFor } from './aws-receive.ts'
import { withTenantStacks } from './aws-tenant-stacks.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from './control-plane.ts'
import { engineCtx } from './engine-ctx.ts'

export type AwsWorld = {
  readonly estate: Estate
  readonly organization: Organization
  readonly plane: ControlPlaneInMemory
  readonly dns: LocalDns
  readonly cloud: Cloud
  /** What tenants' stacks verify licence files with. */
  readonly licenceKeys: Readonly<Record<string, string>>
  readonly ctx: () => ProvisioningCtx
  /** Lets the name servers of a tenant's zone answer what Route 53 holds now. */
  readonly serveZone: (tenantId: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** More than any suite has. */
const TENANTS_MAX = 50

/**
 * The engine as the control plane runs it, on the emulator's Organizations, Route 53, ACM, SESv2, CloudFormation, S3, DynamoDB and STS, where
 * IAM decides by the published roles; its own rows in memory and its clock moved by hand. Names are looked up in a real DNS on loopback.
 */
export async function openAwsWorld(): Promise<AwsWorld> {
  const estate = await openEstate()
  const [plane, dns] = await Promise.all([controlPlaneInMemory(), openLocalDns()])
  const organization = await openOrganization(estate)
  const { clock } = plane.platform
  const clouds = emulatedClouds({
    sees: seesBy(dns),
    clock,
    region: estate.region,
    async deliver(mail) {
      const domainName = mail.from.slice(mail.from.lastIndexOf('@') + 1)
      const { tenants } = await listTenants(ctx(), { limit: TENANTS_MAX })
      const tenant = tenants.find((one) => one.domainName === domainName)
      if (tenant !== undefined) await receiveFor(estate, tenant, mail)
    },
  })
  const { endpoint } = estate.emulator
  const cloud = withTenantStacks(clouds.open({ managementRoleArn: organization.managementRoleArn }), endpoint)
  const accounts = new Map<string, string>()
  const gateway = await openGateway(endpoint, dns, (domainName) => accounts.get(domainName))
  const signing = openSigningKey(
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  const licenceKeys = { [signing.kid]: signing.publicKeySpki }
  const ctx = (): ProvisioningCtx => ({
    ...engineCtx(plane.ctxOf(), { dns: dns.dns, cloud }),
    licenceSigner: signing.licenceSigner,
    textSigner: signing.textSigner,
    licenceKeys,
    probes: gateway.probes,
    pause: async (milliseconds) => clock.set(clock.now() + milliseconds),
    estate: {
      environment: 'prod',
      rootParentId: organization.rootParentId,
      dedicatedParentId: organization.dedicatedParentId,
      accountEmailOf: (token) => `aws+${token}@example.com`,
      accountBaseline: (place) => ({
        ...accountBaselineOf(place),
        releaseBucket: releaseBucketOf(place.awsAccountId),
      }),
      warmAccounts: 1,
      retentionDays: 30,
      mailUse: { websiteUrl: 'https://example.com', useCase: 'calendar invites', contactEmail: 'vendor@example.com' },
    },
  })
  await registerEstate(ctx(), estate)
  return {
    estate,
    organization,
    plane,
    dns,
    cloud,
    ctx,
    licenceKeys,
    async serveZone(tenantId) {
      const tenant = await getTenant(ctx(), tenantId)
      if (tenant.awsAccountId !== undefined) accounts.set(tenant.domainName, tenant.awsAccountId)
      await serve(ctx(), dns, tenant)
    },
    async close() {
      clouds.close()
      organization.close()
      await Promise.all([gateway.close(), dns.close(), plane.platform.close(), estate.close()])
    },
  }
}

/** The published release in the ledger, and the deployed cell by its own outputs. */
async function registerEstate(ctx: ProvisioningCtx, estate: Estate): Promise<void> {
  const { published, cell, awsAccountId, region } = estate
  const { manifest } = published
  const releaseBucket = estate.release.outputs.ReleaseBucket ?? ''
  await placeAdapted(estate, { s3: estate.aws.s3, bucketName: releaseBucket })
  await registerRelease(ctx, { manifest, capacity: { atFirst: 96, raised: 480 } })
  await openRing(ctx, { releaseVersion: manifest.version, ring: LAST_RING, isForced: true })
  const { outputs } = cell
  await registerCell(ctx, {
    name: 'eu-1',
    awsAccountId,
    region,
    cap: 96,
    isOpen: true,
    isCanary: false,
    cellVersion: outputs.CellVersion ?? '',
    operatingRoleArn: outputs.TenantOperatingRoleArn ?? '',
    executionRoleArn: outputs.TenantExecutionRoleArn ?? '',
    tenantBoundaryArn: outputs.TenantBoundaryArn ?? '',
    routerRoleArn: outputs.CellRouterRoleArn ?? '',
    cellTableName: outputs.CellTableName ?? '',
    sendRateTableName: outputs.SendRateTableName ?? '',
    releaseBucket,
  })
}

/** What ACM and SES find when they look: they ask as anybody does. */
function seesBy({ lookups, zone }: LocalDns): Sees {
  return async (name, type) => {
    const answer = await lookups.ask(zone.resolver, { name, type }, { isRecursive: true })
    if (answer.kind === 'failed') return { kind: 'no_answer' }
    if (answer.rcode === RCODE.noSuchName) return { kind: 'no_name' }
    if (answer.rcode !== RCODE.noError) return { kind: 'no_answer' }
    return { kind: 'values', values: answer.answers.filter((one) => one.type === type).map(({ value }) => value) }
  }
}

async function serve(ctx: ProvisioningCtx, dns: LocalDns, tenant: Tenant): Promise<void> {
  const { domainName, resources, awsAccountId } = tenant
  if (awsAccountId === undefined) return
  const { place } = await siteOf(ctx, tenant)
  const { hostedZones } = ctx.cloud.at(place)
  const { hostedZoneId } = resources
  const zone = hostedZoneId === undefined ? undefined : await hostedZones.read(hostedZoneId)
  if (zone === undefined || hostedZoneId === undefined) return dns.unhost(domainName)
  const recordSets = (await hostedZones.records(hostedZoneId)) ?? []
  dns.host({ domainName, nameServers: zone.nameServers, recordSets })
}
