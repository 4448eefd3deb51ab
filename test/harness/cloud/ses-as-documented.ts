import {
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  GetTenantCommand,
  ListTenantResourcesCommand,
  type SESv2Client,
} from '@aws-sdk/client-sesv2'
import type { Seen, Sees } from '#control-plane/cloud/simulated/simulation.ts'
import { documented, type Fields, fieldsOf, serviceError, text } from './documented.ts'

/** MAIL FROM domains and configuration sets of identities, and sending status of tenants; one for all clients of a run. */
export type SesMemory = ReturnType<typeof sesMemory>
export function sesMemory() {
  return {
    mailFrom: new Map<string, string>(),
    configurationSets: new Map<string, string>(),
    stopped: new Map<string, string>(),
    policies: new Map<string, string>(),
  }
}

/** A mail that SES took, addressed to all whom the call named. */
export type SentMail = {
  readonly messageId: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
}

/**
 * Makes SESv2 answer as its API reference says where the emulator (1.5.33) does not: a second identity of a name is AlreadyExists (it
 * replaces the first), an identity is verified by its records (it is born verified), it keeps a configuration set, which must be there.
 * Absent there altogether: MAIL FROM, feedback and DKIM settings of an identity, the status and policy of a tenant's reputation, and what
 * binds a send to its tenant. What it sends it relays to nobody: `deliver` brings it on.
 */
export function sesAsDocumented(
  client: SESv2Client,
  memory: SesMemory,
  {
    sees,
    region,
    awsAccountId,
    asService,
    deliver,
  }: {
    readonly sees: Sees
    readonly region: string
    readonly awsAccountId: () => Promise<string>
    readonly asService: () => Promise<{ readonly ses: SESv2Client }>
    readonly deliver: (mail: SentMail) => Promise<void>
  },
): void {
  const identityOf = (EmailIdentity: string) => client.send(new GetEmailIdentityCommand({ EmailIdentity }))
  const keyOf = async (emailIdentity: string) => `${await awsAccountId()}/${region}/${emailIdentity}`

  async function create(input: Fields, next: () => Promise<Fields>): Promise<Fields> {
    const emailIdentity = text(input.EmailIdentity)
    const ConfigurationSetName = text(input.ConfigurationSetName)
    if (ConfigurationSetName !== '') {
      const { ses } = await asService()
      await ses.send(new GetConfigurationSetCommand({ ConfigurationSetName }))
    }
    const known = await identityOf(emailIdentity).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NotFoundException') return undefined
      throw error
    })
    if (known !== undefined)
      throw serviceError('AlreadyExistsException', `Email identity ${emailIdentity} already exist.`)
    const key = await keyOf(emailIdentity)
    memory.mailFrom.delete(key)
    memory.configurationSets.set(key, ConfigurationSetName)
    await next()
    return { VerifiedForSendingStatus: false }
  }

  async function read(input: Fields, next: () => Promise<Fields>): Promise<Fields> {
    const answer = await next()
    const emailIdentity = text(input.EmailIdentity)
    const key = await keyOf(emailIdentity)
    const dkim = fieldsOf(answer.DkimAttributes)
    const tokens = Array.isArray(dkim.Tokens) ? dkim.Tokens.map(text) : []
    const errors = await Promise.all(
      tokens.map(async (token) =>
        errorOf(await sees(`${token}._domainkey.${emailIdentity}`, 'CNAME'), `${token}.dkim.amazonses.com`),
      ),
    )
    const error = errors.find((one) => one !== undefined)
    const mailFrom = memory.mailFrom.get(key)
    const set = memory.configurationSets.get(key) ?? ''
    return {
      VerifiedForSendingStatus: error === undefined,
      DkimAttributes: { ...dkim, Status: error === undefined ? 'SUCCESS' : 'PENDING' },
      ...(error === undefined ? {} : { VerificationInfo: { ErrorType: error } }),
      ...(mailFrom === undefined ? {} : { MailFromAttributes: await mailFromNow(mailFrom) }),
      ...(set === '' ? {} : { ConfigurationSetName: set }),
    }
  }

  async function mailFromNow(MailFromDomain: string): Promise<Fields> {
    const error = errorOf(await sees(MailFromDomain, 'MX'), `10 feedback-smtp.${region}.amazonses.com`)
    return {
      MailFromDomain,
      MailFromDomainStatus: error === undefined ? 'SUCCESS' : 'PENDING',
      BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
    }
  }

  async function assertSendable(input: Fields): Promise<void> {
    const TenantName = text(input.TenantName)
    const domainName = text(input.FromEmailAddress).split('@')[1] ?? ''
    const { Tenant } = await client.send(new GetTenantCommand({ TenantName }))
    if (Tenant?.SendingStatus === 'DISABLED') throw serviceError('SendingPausedException', 'Sending is paused.')
    const { TenantResources = [] } = await client.send(new ListTenantResourcesCommand({ TenantName }))
    for (const resource of [`identity/${domainName}`, `configuration-set/${text(input.ConfigurationSetName)}`])
      if (!TenantResources.some(({ ResourceArn = '' }) => ResourceArn.endsWith(`:${resource}`)))
        throw serviceError('BadRequestException', `${resource} is not associated with the tenant.`)
    if ((await identityOf(domainName)).VerifiedForSendingStatus !== true)
      throw serviceError('MessageRejected', 'Email address is not verified.')
  }

  async function send(input: Fields, next: () => Promise<Fields>): Promise<Fields> {
    await assertSendable(input)
    const answer = await next()
    const { Subject, Body } = fieldsOf(fieldsOf(input.Content).Simple)
    const { ToAddresses } = fieldsOf(input.Destination)
    await deliver({
      messageId: text(answer.MessageId),
      from: text(input.FromEmailAddress),
      to: Array.isArray(ToAddresses) ? ToAddresses.map(text) : [],
      subject: text(fieldsOf(Subject).Data),
      text: text(fieldsOf(fieldsOf(Body).Text).Data),
    })
    return answer
  }

  client.middlewareStack.add(
    documented(async (commandName, input, next) => {
      switch (commandName) {
        case 'CreateEmailIdentity':
          return create(input, next)
        case 'GetEmailIdentity':
          return read(input, next)
        case 'PutEmailIdentityMailFromAttributes':
          await identityOf(text(input.EmailIdentity))
          memory.mailFrom.set(await keyOf(text(input.EmailIdentity)), text(input.MailFromDomain))
          return {}
        case 'PutEmailIdentityFeedbackAttributes':
          await identityOf(text(input.EmailIdentity))
          return {}
        case 'PutEmailIdentityDkimSigningAttributes': {
          const { DkimAttributes } = await identityOf(text(input.EmailIdentity))
          return { DkimStatus: DkimAttributes?.Status, DkimTokens: DkimAttributes?.Tokens }
        }
        case 'GetTenant': {
          const tenant = fieldsOf((await next()).Tenant)
          return { Tenant: { ...tenant, SendingStatus: memory.stopped.get(text(tenant.TenantArn)) ?? 'ENABLED' } }
        }
        case 'SendEmail':
          return send(input, next)
        case 'GetReputationEntity': {
          const tenantArn = text(input.ReputationEntityReference)
          await client.send(new GetTenantCommand({ TenantName: tenantArn.split('/')[1] }))
          const ReputationManagementPolicy =
            memory.policies.get(tenantArn) ?? `arn:aws:ses:${region}:aws:reputation-policy/none`
          return { ReputationEntity: { ReputationEntityReference: tenantArn, ReputationManagementPolicy } }
        }
        case 'UpdateReputationEntityCustomerManagedStatus':
        case 'UpdateReputationEntityPolicy': {
          const tenantArn = text(input.ReputationEntityReference)
          await client.send(new GetTenantCommand({ TenantName: tenantArn.split('/')[1] }))
          const status = text(input.SendingStatus)
          const policyArn = text(input.ReputationEntityPolicy)
          if (policyArn !== '') memory.policies.set(tenantArn, policyArn)
          if (status !== '') memory.stopped.set(tenantArn, status === 'ENABLED' ? 'REINSTATED' : status)
          return {}
        }
        default:
          return next()
      }
    }),
    { step: 'initialize', name: 'sesAsDocumented' },
  )
}

function errorOf(seen: Seen, wanted: string): string | undefined {
  if (seen.kind === 'no_name') return 'HOST_NOT_FOUND'
  if (seen.kind === 'no_answer') return 'DNS_SERVER_ERROR'
  return seen.values.includes(wanted) ? undefined : 'INVALID_VALUE'
}
