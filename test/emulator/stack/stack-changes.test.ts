import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda'
import { HeadBucketCommand } from '@aws-sdk/client-s3'
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { tenantTemplate } from '#infra/synthesise.ts'
import { replacements } from '#infra/template/replacements.ts'
import { Template as InfraTemplate } from '#infra/template/template.ts'
import { type SweepName, sweepNames } from '#tenant-stack/manifest.ts'
import { type Estate, openEstate, VERSION } from '#test/harness/aws/estate.ts'
import { forEmulator, Template } from '#test/harness/aws/for-emulator.ts'
import { crlf, looksAt } from '#test/harness/aws/looks.ts'
import { receiveByCell } from '#test/harness/aws/outside-world.ts'
import { createStack, deleteStack, updateStack } from '#test/harness/aws/stacks.ts'
import { environmentOf, stampTenant, type TenantOnAws } from '#test/harness/aws/tenant-on-aws.ts'
import { organizerMail } from '../../fixtures/organizer-mails.ts'

let estate: Estate
let one: TenantOnAws
let two: TenantOnAws
let eventId = ''

beforeAll(async () => {
  estate = await openEstate()
  one = await stampTenant(estate, 'one', `ten_${'0'.repeat(25)}1`)
  two = await stampTenant(estate, 'two', `ten_${'0'.repeat(25)}2`)
  const raw = crlf(organizerMail({ uid: 'kept@example.com' }))
  await receiveByCell(estate, { messageId: 'kept1', raw, recipients: [one.create] })
  eventId = (await looksAt(estate).outcomeOf(one, 'kept1')).eventIds[0] ?? ''
})
afterAll(async () => {
  await estate.close()
})

const physicalId = (tenant: TenantOnAws, type: string) =>
  tenant.stack.resources.find(({ ResourceType }) => ResourceType === type)?.PhysicalResourceId

describe('what a role may do, by IAM’s own word', () => {
  async function decisionOf(functionName: string, action: string, resource: string): Promise<string> {
    const { Role } = await estate.aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }))
    const { EvaluationResults } = await estate.aws.iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: Role, ActionNames: [action], ResourceArns: [resource] }),
    )
    return EvaluationResults?.[0]?.EvalDecision ?? ''
  }
  const arn = (service: string, rest: string) => `arn:aws:${service}:${estate.region}:${estate.awsAccountId}:${rest}`
  const allowed = 'allowed'
  const refused = 'implicitDeny'

  it.each<[string, string, (tenant: TenantOnAws) => string, string, string]>([
    ['inlet', 'dynamodb:GetItem', ({ stack }) => arn('dynamodb', `table/${stack.outputs.TableName}`), allowed, refused],
    ['inlet', 's3:GetObject', ({ stack }) => `arn:aws:s3:::${stack.outputs.BucketName}/inbound/1`, allowed, refused],
    ['inlet', 'sns:Publish', ({ stack }) => arn('sns', `${stack.stackName}-mail-create`), allowed, refused],
    ['inlet', 'ses:SendEmail', ({ domainName }) => arn('ses', `identity/${domainName}`), refused, refused],
    ['inlet', 's3:DeleteObject', ({ stack }) => `arn:aws:s3:::${stack.outputs.BucketName}/inbound/1`, allowed, refused],
    ['inlet', 's3:DeleteObject', ({ stack }) => `arn:aws:s3:::${stack.outputs.BucketName}/events/1`, refused, refused],
    ['send-one', 'ses:SendEmail', ({ domainName }) => arn('ses', `identity/${domainName}`), allowed, refused],
    ['send-one', 'ses:SendRawEmail', ({ domainName }) => arn('ses', `identity/${domainName}`), allowed, refused],
    ['send-one', 's3:GetObject', ({ stack }) => `arn:aws:s3:::${stack.outputs.BucketName}/inbound/1`, refused, refused],
    ['front', 'ses:SendEmail', ({ domainName }) => arn('ses', `identity/${domainName}`), refused, refused],
    ['front', 'sqs:ReceiveMessage', ({ stack }) => arn('sqs', `${stack.stackName}-inlet`), refused, refused],
    ['sweeps', 'sqs:GetQueueAttributes', ({ stack }) => arn('sqs', `${stack.stackName}-inlet-dlq`), allowed, refused],
    ['sweeps', 'sqs:DeleteMessage', ({ stack }) => arn('sqs', `${stack.stackName}-inlet`), refused, refused],
    ['front', 'iam:PassRole', () => 'arn:aws:iam::000000000000:role/any', refused, refused],
  ])('%s and %s: on the own resource, and on the other tenant’s', async (name, action, resourceOf, own, others) => {
    const functionName = `${one.stack.stackName}-${name}`
    expect(await decisionOf(functionName, action, resourceOf(one))).toBe(own)
    expect(await decisionOf(functionName, action, resourceOf(two))).toBe(others)
  })
})

describe('who deployed by hand', () => {
  it('gets a first key from the command line, with the credentials of the account', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'convoke-key-'))
    try {
      const file = join(folder, 'environment.json')
      await writeFile(file, JSON.stringify(await environmentOf(estate, `${one.stack.stackName}-front`)))
      const cli = join(import.meta.dirname, '../../../scripts/convoke.ts')
      const args = [
        cli,
        'key',
        'create',
        '--environment',
        file,
        '--label',
        'first',
        '--scopes',
        'events:read',
        '--json',
      ]
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: estate.emulator.certificate }
      const { stdout } = await promisify(execFile)(process.execPath, args, { env })
      const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(stdout))
      expect(await one.api(`/v1/events/${eventId}`, { key: secret })).toMatchObject({ status: 200 })
      expect(await one.api(`/v1/events/${eventId}/statistics`, { key: secret })).toMatchObject({ status: 403 })
      expect(await two.api('/v1/events', { key: secret })).toMatchObject({ status: 401 })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('a deployed function', () => {
  it.each([...sweepNames()])('sweeps: %s runs as its schedule calls it', async (sweep: SweepName) => {
    const Payload = Buffer.from(JSON.stringify({ sweep }))
    const answer = await estate.aws.lambda.send(
      new InvokeCommand({ FunctionName: `${one.stack.stackName}-sweeps`, Payload }),
    )
    expect([answer.FunctionError, answer.StatusCode]).toEqual([undefined, 200])
  })

  it('refuses a call that names no sweep', async () => {
    const Payload = Buffer.from('{"sweep":"all"}')
    const answer = await estate.aws.lambda.send(
      new InvokeCommand({ FunctionName: `${one.stack.stackName}-sweeps`, Payload }),
    )
    expect(answer.FunctionError).toBe('Unhandled')
  })
})

describe('a stack moved to the next version', () => {
  it('keeps table, bucket and what is in them, and runs the new code with the new settings', async () => {
    const before = InfraTemplate.parse(estate.publishedTemplate)
    const functions = { ...estate.published.manifest.functions }
    const next = tenantTemplate({ bundles: functions, version: '0.2.0' })
    expect(replacements(before, InfraTemplate.parse(next))).toEqual([])
    const updated = await updateStack(estate.aws, {
      stackName: one.stack.stackName,
      templateUrl: await estate.place('next', forEmulator(Template.parse(next))),
      parameters: {
        ...estate.tenantParameters(`ten_${'0'.repeat(25)}1`, one.domainName),
        Audience: 'everyone',
        DeletionProtection: 'true',
      },
    })
    expect(updated.outputs).toMatchObject({
      TemplateVersion: '0.2.0',
      TableName: one.stack.outputs.TableName,
      BucketName: one.stack.outputs.BucketName,
    })
    expect(await environmentOf(estate, `${one.stack.stackName}-update`)).toMatchObject({ CONVOKE_AUDIENCE: 'everyone' })
    expect(await one.api(`/v1/events/${eventId}`)).toMatchObject({ status: 200, body: { id: eventId } })
  })

  it('gets a host of its own once the domain stack has brought zone and certificate', async () => {
    const { domainName } = one
    const domain = await createStack(estate.aws, {
      stackName: 'domain-one',
      // It mints no DKIM tokens.
      templateBody: JSON.stringify(forEmulator(estate.domainTemplate, ['Dkim1', 'Dkim2', 'Dkim3'])),
      parameters: { DomainName: domainName, DmarcReportAddress: `dmarc@${domainName}`, IsDelegated: 'true' },
    })
    const certified = await updateStack(estate.aws, {
      stackName: one.stack.stackName,
      templateUrl: await estate.place('certified', forEmulator(estate.publishedTemplate)),
      parameters: {
        ...estate.tenantParameters(`ten_${'0'.repeat(25)}1`, domainName),
        CertificateArn: domain.outputs.CertificateArn ?? '',
        HostedZoneId: domain.outputs.HostedZoneId ?? '',
        IdentityIsReady: 'true',
      },
    })
    expect(domain.outputs.NameServers).toMatch(/\S+ \S+/)
    expect(certified.outputs.RegionalDomainName).toBeDefined()
    expect(certified.outputs.ApiUrl).toBe(`https://api.${domainName}/v1`)
    const records = certified.resources.filter(({ ResourceType }) => ResourceType === 'AWS::Route53::RecordSet')
    expect(records.map(({ PhysicalResourceId }) => PhysicalResourceId?.replace(/\.$/, ''))).toEqual(
      expect.arrayContaining([`api.${domainName}`, `app.${domainName}`, `go.${domainName}`]),
    )
    expect(await environmentOf(estate, `${one.stack.stackName}-created-notice`)).toMatchObject({
      CONVOKE_API_URL: `https://api.${domainName}/v1`,
      CONVOKE_PAGES_URL: `https://go.${domainName}`,
    })
    const domainNames = certified.resources.filter(({ ResourceType }) => ResourceType === 'AWS::ApiGateway::DomainName')
    expect(domainNames.map(({ PhysicalResourceId }) => PhysicalResourceId)).toEqual([`*.${domainName}`])
  })

  it('would be stopped when a change of the template replaced what holds data', () => {
    const before = InfraTemplate.parse(estate.publishedTemplate)
    const renamed = structuredClone(before)
    const table = renamed.Resources.Table
    if (table === undefined) throw new Error('the template has no Table')
    table.Properties = { ...table.Properties, TableName: 'another' }
    expect(replacements(before, renamed)).toEqual([
      { logicalId: 'Table', type: 'AWS::DynamoDB::Table', because: 'TableName differs' },
    ])
  })
})

describe('a deleted stack', () => {
  it('leaves table, bucket and what is in them, and takes functions and queues along', async () => {
    const tableName = physicalId(two, 'AWS::DynamoDB::Table') ?? ''
    await two.ctx.table.write({ kind: 'put', item: { pk: 'kept', sk: 'kept', word: 'kept' } })
    await two.ctx.blobs.put('events/kept', Buffer.from('kept'))
    await deleteStack(estate.aws, two.stack.stackName)
    const { Item } = await estate.aws.dynamo.send(
      new GetItemCommand({
        TableName: tableName,
        Key: { pk: { S: `ten_${'0'.repeat(25)}2#kept` }, sk: { S: 'kept' } },
      }),
    )
    expect(Item?.word).toEqual({ S: 'kept' })
    await estate.aws.s3.send(new HeadBucketCommand({ Bucket: two.stack.outputs.BucketName }))
    expect(Buffer.from(await two.ctx.blobs.get('events/kept')).toString()).toBe('kept')
    const gone = [
      estate.aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${two.stack.stackName}-inlet` })),
      estate.aws.sqs.send(new GetQueueUrlCommand({ QueueName: `${two.stack.stackName}-inlet` })),
    ]
    for (const one of gone) await expect(one).rejects.toThrow(/not exist|not found/i)
  })
})

it('the version under test is the one that was published', () => {
  expect(estate.published.manifest.version).toBe(VERSION)
})
