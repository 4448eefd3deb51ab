import { CfnParameter } from 'aws-cdk-lib'
import * as z from 'zod'
import type { ControlSecret } from '#control-plane/manifest.ts'
import { controlPlaneSettings, secretArn } from '#shared/contracts/control-environment.ts'
import { pascalCase } from '../../constructs/names.ts'
import type { PlainStack } from '../../constructs/plain-stack.ts'

/** Every parameter of the control plane's template, as values; settings by the name of the variable they become. */
export type ControlParameters = ReturnType<typeof controlParameters>

/** What the parameters are unless they are given; the pipeline, which can give none, says all of them so. */
export type ControlDefaults = Readonly<Record<string, string>>

const secretNames: readonly ControlSecret[] = [
  'session',
  'stripe-front',
  'stripe-billing',
  'stripe-sweeps',
  'stripe-webhook',
  'licence-key',
  'handover-key',
]

/** Declares the parameters. Throws for a default that no parameter bears, which would be a setting that nobody hears. */
export function controlParameters(stack: PlainStack, defaults: ControlDefaults) {
  const names = new Set<string>()
  const text = (name: string, props: ParameterProps) => {
    names.add(name)
    const given = defaults[name] ?? props.default
    return new CfnParameter(stack, name, {
      type: 'String',
      ...props,
      ...(given === undefined ? {} : { default: given }),
    }).valueAsString
  }
  const parameters = {
    releaseBucket: text('ReleaseBucket', {
      allowedPattern: '^[a-z0-9.-]{3,63}$',
      description: 'Bucket of this region that holds the code under its hash, and the releases.',
    }),
    organizationId: text('OrganizationId', {
      allowedPattern: '^o-[a-z0-9]{10,32}$',
      description: 'Organisation whose tenants may tell the control plane how they are.',
    }),
    mailIdentity: text('MailIdentity', {
      allowedPattern: '^[a-zA-Z0-9.@_-]{3,253}$',
      description: 'Verified SES identity that MailFrom belongs to: a domain or an address.',
    }),
    domainName: text('DomainName', {
      default: '',
      allowedPattern: '^([a-z0-9-]+(\\.[a-z0-9-]+)+)?$',
      description: 'Name that people know the control plane by; empty: the address that API Gateway gives.',
    }),
    certificateArn: text('CertificateArn', { default: '', description: 'Issued certificate of DomainName, with it.' }),
    hostedZoneId: text('HostedZoneId', {
      default: '',
      description: 'Zone that takes the address record of DomainName; empty: a person enters it.',
    }),
    alarmTopicArn: text('AlarmTopicArn', { default: '', description: 'Topic that alarms go to.' }),
    deletionProtection: text('DeletionProtection', { default: 'true', allowedValues: ['true', 'false'] }),
    secrets: new Map(
      secretNames.map((name) => [
        name,
        text(`${pascalCase(name)}SecretArn`, {
          allowedPattern: patternOf(secretArn),
          description: 'A secret that a person has made in Secrets Manager; what it holds is in infra/README.md.',
        }),
      ]),
    ),
    settings: settingParameters(text),
  }
  const unknown = Object.keys(defaults).filter((name) => !names.has(name))
  if (unknown.length > 0) throw new Error(`the control plane has no parameter ${unknown.join(', ')}`)
  return parameters
}

type ParameterProps = {
  readonly default?: string
  readonly description?: string
  readonly allowedPattern?: string
  readonly allowedValues?: string[]
}

/** One parameter for each setting of the contract: CONVOKE_CONTROL_GRACE_DAYS is GraceDays, with the same default, if it has one. */
function settingParameters(text: (name: string, props: ParameterProps) => string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(controlPlaneSettings).map(([variable, schema]) => {
      const unset = schema.safeParse(undefined)
      const { enum: values, pattern } = z.toJSONSchema(schema, { io: 'input' })
      const value = text(pascalCase(variable.replace('CONVOKE_CONTROL_', '').toLowerCase()), {
        ...(unset.success ? { default: String(unset.data) } : {}),
        ...(pattern === undefined ? {} : { allowedPattern: pattern }),
        ...(values === undefined ? {} : { allowedValues: values.map(String) }),
      })
      return [variable, value]
    }),
  )
}

function patternOf(schema: z.ZodType): string {
  return z.toJSONSchema(schema, { io: 'input' }).pattern ?? ''
}
