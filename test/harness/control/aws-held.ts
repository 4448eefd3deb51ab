import { ACMClient, ListCertificatesCommand } from '@aws-sdk/client-acm'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53'
import { GetObjectCommand, ListBucketsCommand } from '@aws-sdk/client-s3'
import { GetEmailIdentityCommand, GetTenantCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { CELL_TABLE_SCOPE, CellRoute, cellRouteKey } from '#shared/contracts/cell-routes.ts'
import { LICENCE_FILE_KEY } from '#shared/contracts/licence-file.ts'
import { readLicenceKeys } from '#shared/licence/licence-keys.ts'
import { judgeLicence, type LicenceStanding, openLicenceFile } from '#shared/licence/verify-licence.ts'
import { createDynamoTable } from '#shared/platform/aws/dynamo-table.ts'
import { awsClients } from '#test/harness/aws/clients.ts'
import { asRoot } from './aws-organization.ts'
import type { AwsWorld } from './aws-world.ts'

/** What there is of a tenant in an account; a count where there could be more than one. */
export type Held = {
  readonly stack: string | undefined
  readonly sesTenant: boolean
  readonly identity: boolean
  readonly zones: number
  readonly certificates: number
  readonly table: boolean
  readonly bucket: boolean
  /** Of the cell; another account has none. */
  readonly route: CellRoute['status'] | undefined
}

export const NOTHING: Held = {
  stack: undefined,
  sesTenant: false,
  identity: false,
  zones: 0,
  certificates: 0,
  table: false,
  bucket: false,
  route: undefined,
}

/** Asks each service of an account as its root what it holds of a tenant, by the names that it had while it lived. */
export async function heldFor(world: AwsWorld, tenant: Tenant, awsAccountId = tenant.awsAccountId): Promise<Held> {
  const { endpoint } = world.estate.emulator
  const options = asRoot(endpoint, awsAccountId ?? '')
  const { cloudFormation, dynamo, s3 } = awsClients(endpoint, awsAccountId)
  const [acm, route53, ses] = [new ACMClient(options), new Route53Client(options), new SESv2Client(options)]
  const { domainName, stackName = '', resources } = tenant
  try {
    const stacks = await unlessGone(() => cloudFormation.send(new DescribeStacksCommand({ StackName: stackName })))
    const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: domainName }))
    const { CertificateSummaryList = [] } = await acm.send(new ListCertificatesCommand({}))
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
    return {
      stack: stacks?.Stacks?.[0]?.StackStatus,
      sesTenant: await isThere(() => ses.send(new GetTenantCommand({ TenantName: stackName }))),
      identity: await isThere(() => ses.send(new GetEmailIdentityCommand({ EmailIdentity: domainName }))),
      zones: HostedZones.filter(({ Name }) => Name === `${domainName}.`).length,
      certificates: CertificateSummaryList.filter(({ DomainName }) => DomainName === `*.${domainName}`).length,
      table: await isThere(() => dynamo.send(new DescribeTableCommand({ TableName: resources.tableName ?? 'none' }))),
      bucket: Buckets.some(({ Name }) => Name === resources.bucketName),
      route: await routeOf(world, domainName),
    }
  } finally {
    for (const client of [acm, route53, ses]) client.destroy()
  }
}

/** The licence file in the tenant's bucket, judged as the tenant's own stack does. */
export async function licenceStandingOf(world: AwsWorld, tenant: Tenant): Promise<LicenceStanding> {
  const { s3 } = awsClients(world.estate.emulator.endpoint, tenant.awsAccountId)
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: tenant.resources.bucketName, Key: LICENCE_FILE_KEY }))
  const file: unknown = JSON.parse((await Body?.transformToString()) ?? '')
  const payload = openLicenceFile(file, readLicenceKeys(world.licenceKeys), tenant.tenantId)
  return judgeLicence(payload, tenant, world.plane.platform.clock.now())
}

async function routeOf({ estate, plane }: AwsWorld, domainName: string): Promise<Held['route']> {
  const table = createDynamoTable({
    client: estate.aws.dynamo,
    tableName: estate.cell.outputs.CellTableName ?? '',
    tenantId: CELL_TABLE_SCOPE,
    clock: plane.platform.clock,
  })
  const row = await table.get(cellRouteKey(domainName))
  return row === undefined ? undefined : CellRoute.parse(row).status
}

const GONE = ['NotFoundException', 'ResourceNotFoundException']

async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Error && (GONE.includes(error.name) || error.message.includes('does not exist')))
      return undefined
    throw error
  }
}

async function isThere(ask: () => Promise<unknown>): Promise<boolean> {
  return (await unlessGone(ask)) !== undefined
}
