import { CfnParameter } from 'aws-cdk-lib'
import * as z from 'zod'
import { domainName, tenantSettings } from '#shared/contracts/settings.ts'
import { SEND_LEASE_SECONDS, UNKNOWN_SEND_SECONDS } from '#tenant-stack/manifest.ts'
import { pascalCase } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'

/** Every parameter of the tenant template, as values; settings by the name of the variable they become. */
export type TenantParameters = ReturnType<typeof tenantParameters>

/** Declares the parameters: who the tenant is, where it stands, and what may change in its life. */
export function tenantParameters(stack: PlainStack) {
  const text = (name: string, props: ParameterProps) =>
    new CfnParameter(stack, name, { type: 'String', ...props }).valueAsString
  return {
    tenantId: text('TenantId', {
      allowedPattern: '^ten_[0-9a-z]{26}$',
      description: 'The tenant whose stack this is.',
    }),
    domainName: text('DomainName', { ...limitsOf(domainName), description: 'Mail domain of the tenant, ASCII form.' }),
    environment: text('Environment', { allowedValues: ['dev', 'stage', 'prod'] }),
    placement: text('Placement', { allowedValues: ['cell', 'dedicated', 'customer'] }),
    releaseBucket: text('ReleaseBucket', { description: 'Bucket of this region that holds the code under its hash.' }),
    certificateArn: text('CertificateArn', {
      default: '',
      description: 'Issued certificate of *.<domain>; empty until then.',
    }),
    hostedZoneId: text('HostedZoneId', {
      default: '',
      description: 'Zone that takes the address records, with the certificate; empty: a person enters them.',
    }),
    cellRouterRoleArn: text('CellRouterRoleArn', {
      default: '',
      description: 'Placement cell: role that brings the mail.',
    }),
    ruleSetActivatorArn: text('RuleSetActivatorArn', {
      default: '',
      description: 'Other placements: function of the account that makes a receipt rule set the active one.',
    }),
    tenantBoundaryArn: text('TenantBoundaryArn', {
      default: '',
      description: 'Policy that bounds every role of the stack, where the account makes no role without it.',
    }),
    deletionProtection: text('DeletionProtection', { default: 'false', allowedValues: ['true', 'false'] }),
    gatewayThrottle: text('GatewayThrottle', { default: 'off', allowedValues: ['on', 'off'] }),
    alarmTopicArn: text('AlarmTopicArn', { default: '', description: 'Topic that alarms of this stack go to.' }),
    // Within the own bucket, and never received mail: a location elsewhere could be another tenant's.
    templatesPrefix: text('TemplatesPrefix', {
      default: 'templates/',
      allowedPattern: '^templates/([a-zA-Z0-9_-]+/)*$',
      description: 'Where in the bucket of this stack the mail templates lie.',
    }),
    identityIsReady: text('IdentityIsReady', {
      default: 'false',
      allowedValues: ['true', 'false'],
      description:
        'True once SES has the identity of the domain: it is then made part of the SES tenant, or nothing can be sent.',
    }),
    licenceKeys: text('LicenceKeys', {
      default: '',
      description: 'Public keys of licence files, JSON of kid to base64 SPKI; empty: the stack asks for no licence.',
    }),
    tenantNoticeQueueUrl: text('TenantNoticeQueueUrl', {
      default: '',
      allowedPattern: '^(https://sqs\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/\\d{12}/[a-zA-Z0-9_-]{1,80})?$',
      description: 'Queue of the control plane that is told how the stack is; empty: nobody is told.',
    }),
    sendsPerSecond: text('SendsPerSecond', {
      default: '',
      allowedPattern: '^([1-9]\\d{0,4})?$',
      description:
        'Mails a second that SES takes of the account in this region; empty: its own answer slows the stack down.',
    }),
    sendRateTable: text('SendRateTable', {
      default: '',
      description: 'Placement cell: table by which its tenants share that rate; empty: the stack has it for itself.',
    }),
    settings: settingParameters(text),
  }
}

type ParameterProps = {
  readonly default?: string
  readonly description?: string
  readonly allowedPattern?: string
  readonly allowedValues?: string[]
}

/** Follow from how long functions live and how late SES tells: nobody should choose them by taste. */
const ofManifest: Readonly<Record<string, string>> = {
  CONVOKE_SEND_LEASE_SECONDS: String(SEND_LEASE_SECONDS),
  CONVOKE_UNKNOWN_SEND_SECONDS: String(UNKNOWN_SEND_SECONDS),
}

/** One parameter for each setting that both runtimes know: CONVOKE_MAIL_BYTES_MAX is MailBytesMax, with the same default. */
function settingParameters(text: (name: string, props: ParameterProps) => string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(tenantSettings).flatMap(([variable, schema]): readonly (readonly [string, string])[] => {
      if (variable in ofManifest) return Object.entries(ofManifest).filter(([name]) => name === variable)
      const name = pascalCase(variable.replace('CONVOKE_', '').toLowerCase())
      const value = text(name, { default: String(schema.parse(undefined)), ...limitsOf(schema) })
      return [[variable, value]]
    }),
  )
}

/** What CloudFormation can check before anything is changed. */
function limitsOf(schema: z.ZodType): ParameterProps {
  const { pattern, enum: values } = z.toJSONSchema(schema, { io: 'input' })
  return {
    ...(pattern === undefined ? {} : { allowedPattern: pattern }),
    ...(values === undefined ? {} : { allowedValues: values.map(String) }),
  }
}
