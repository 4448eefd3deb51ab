import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { tenantTemplate } from '#infra/synthesise.ts'
import { manifestDifferences } from '#infra/template/compare-manifest.ts'
import { factsOfManifest } from '#infra/template/manifest-facts.ts'
import { type Template, Template as TemplateSchema } from '#infra/template/template.ts'
import { sampleRelease } from './sample-release.ts'

const template = tenantTemplate(sampleRelease)

/** Properties in which a template must be what the manifest says, and something else that each could be. */
const watched: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'AWS::SNS::Topic': { TopicName: 'another' },
  'AWS::SQS::Queue': {
    QueueName: 'another',
    VisibilityTimeout: 31,
    MessageRetentionPeriod: 86_400,
    SqsManagedSseEnabled: false,
    RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:another', maxReceiveCount: 5 },
    RedriveAllowPolicy: { redrivePermission: 'allowAll' },
  },
  'AWS::SNS::Subscription': {
    TopicArn: 'another',
    Endpoint: 'another',
    RawMessageDelivery: false,
    RedrivePolicy: undefined,
  },
  'AWS::Lambda::Function': {
    FunctionName: 'another',
    Timeout: 7,
    MemorySize: 129,
    Role: 'another',
    Runtime: 'nodejs22.x',
    Architectures: ['x86_64'],
    RecursiveLoop: 'another',
  },
  'AWS::Lambda::EventSourceMapping': {
    EventSourceArn: 'another',
    FunctionName: 'another',
    BatchSize: 3,
    ScalingConfig: { MaximumConcurrency: 1000 },
    FunctionResponseTypes: [],
    Enabled: false,
  },
  'AWS::Scheduler::Schedule': {
    Name: 'another',
    ScheduleExpression: 'rate(2 minutes)',
    Target: { Arn: 'another', Input: '{}' },
    State: 'DISABLED',
  },
}

/** A queue has one of the two, and the value alone says which half it is. */
const notOfThis = (type: string, name: string, has: boolean) => type === 'AWS::SQS::Queue' && !has && name !== 'Enabled'

function changed(logicalId: string, properties: Readonly<Record<string, unknown>> | undefined): Template {
  const copy = structuredClone(template)
  const resource = copy.Resources[logicalId]
  if (resource === undefined) throw new Error(`nothing is named ${logicalId}`)
  if (properties === undefined) delete copy.Resources[logicalId]
  else resource.Properties = { ...resource.Properties, ...properties }
  return copy
}

describe('the template is what the manifest says', () => {
  it('in every fact', () => {
    expect(manifestDifferences(template)).toEqual([])
    expect(factsOfManifest().size).toBeGreaterThan(200)
  })

  const rows = Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) =>
    Object.entries(watched[Type] ?? {})
      .filter(([name]) => !notOfThis(Type, name, name in Properties))
      .map(([name, value]) => [logicalId, name, value] as const),
  )

  it('has something to change in every topic, queue, subscription, function, source and schedule', () => {
    expect(rows.length).toBeGreaterThan(250)
  })

  it('and no single property can differ unseen', () => {
    const unseen = rows.filter(([logicalId, name, value]) => {
      const differences = manifestDifferencesOf(changed(logicalId, { [name]: value }))
      return differences.length === 0
    })
    expect(unseen).toEqual([])
  })

  it('maxReceives and the dead-letter queue are seen apart', () => {
    const { RedrivePolicy } = template.Resources.InletQueue?.Properties ?? {}
    const redrive = z.record(z.string(), z.unknown()).parse(RedrivePolicy)
    const more = changed('InletQueue', { RedrivePolicy: { ...redrive, maxReceiveCount: 6 } })
    expect(manifestDifferences(more)).toEqual(['queue inlet maxReceives: the manifest says 5, the template 6'])
  })

  it('nothing can be missing', () => {
    const names = Object.entries(template.Resources).filter(([, { Type }]) => Type in watched)
    const unseen = names.filter(([logicalId]) => manifestDifferencesOf(changed(logicalId, undefined)).length === 0)
    expect(unseen).toEqual([])
  })

  it('nothing can be there besides', () => {
    for (const type of Object.keys(watched)) {
      const extra = Object.values(template.Resources).find(({ Type }) => Type === type)
      const own = { TopicName: 'x', QueueName: 'x', FunctionName: 'x', EventSourceArn: 'x', Endpoint: 'x', Name: 'x' }
      const besides = TemplateSchema.parse({
        ...template,
        Resources: { ...template.Resources, Extra: { ...extra, Properties: { ...extra?.Properties, ...own } } },
      })
      expect(manifestDifferences(besides)).not.toEqual([])
    }
  })
})

/** A template that cannot even be read differs too: a reference may now lead nowhere. */
function manifestDifferencesOf(other: Template): readonly string[] {
  try {
    return manifestDifferences(other)
  } catch (error) {
    return [String(error)]
  }
}
