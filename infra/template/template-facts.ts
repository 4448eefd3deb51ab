import * as z from 'zod'
import { createResolver } from './resolver.ts'
import { cellParameters } from './sample-parameters.ts'
import { pseudoParameters } from './sample-values.ts'
import type { Template, TemplateResource } from './template.ts'

type Properties = TemplateResource['Properties']
type Facts = Readonly<Record<string, unknown>>

const Redrive = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number().optional() })
const RedriveAllow = z.object({ redrivePermission: z.literal('byQueue'), sourceQueueArns: z.array(z.string()) })
const Target = z.object({ Arn: z.string(), Input: z.string() })
const Scaling = z.object({ MaximumConcurrency: z.number() })
const Names = z.array(z.string()).catch([])

/** The same facts as a manifest promises, read from a template. What it has besides them is a fact too, and so a difference. */
export function factsOfTemplate(
  template: Template,
  parameters: Readonly<Record<string, string>> = cellParameters,
): ReadonlyMap<string, string> {
  const facts = new Map<string, string>()
  for (const [, { Type, Properties }] of createResolver(template, parameters).present(Object.keys(readers))) {
    const [subject, values] = readers[Type]?.(Properties) ?? ['', {}]
    for (const [name, value] of Object.entries(values)) facts.set(`${subject} ${name}`, String(value))
  }
  return facts
}

const readers: Readonly<Record<string, (properties: Properties) => readonly [string, Facts]>> = {
  'AWS::SNS::Topic': ({ TopicName }) => [`topic ${short(TopicName)}`, { is: true }],
  'AWS::SQS::Queue': (properties) => {
    const name = short(properties.QueueName)
    const encrypted = properties.SqsManagedSseEnabled
    if (properties.RedrivePolicy === undefined) {
      const allow = RedriveAllow.safeParse(properties.RedriveAllowPolicy)
      const allows = allow.success ? allow.data.sourceQueueArns.map(short).join() : 'all'
      return [`queue ${name}`, { kept: properties.MessageRetentionPeriod, encrypted, allows }]
    }
    const { deadLetterTargetArn, maxReceiveCount } = Redrive.parse(properties.RedrivePolicy)
    const deadLetters = short(deadLetterTargetArn)
    return [
      `queue ${name}`,
      { visibility: properties.VisibilityTimeout, maxReceives: maxReceiveCount, deadLetters, encrypted },
    ]
  },
  'AWS::SNS::Subscription': ({ TopicArn, Endpoint, RawMessageDelivery, RedrivePolicy }) => {
    const redrive = Redrive.safeParse(RedrivePolicy)
    return [
      `subscription ${short(TopicArn)} to ${short(Endpoint)}`,
      { raw: RawMessageDelivery, deadLetters: redrive.success ? short(redrive.data.deadLetterTargetArn) : 'none' },
    ]
  },
  'AWS::Lambda::Function': (properties) => [
    `function ${short(properties.FunctionName)}`,
    {
      timeout: properties.Timeout,
      memory: properties.MemorySize,
      role: String(properties.Role).split('/').at(-1),
      runtime: properties.Runtime,
      architecture: Names.parse(properties.Architectures).join(),
      recursiveLoop: properties.RecursiveLoop ?? 'Terminate',
    },
  ],
  'AWS::Lambda::EventSourceMapping': (properties) => {
    const scaling = Scaling.safeParse(properties.ScalingConfig)
    const responses = Names.parse(properties.FunctionResponseTypes)
    return [
      `source ${short(properties.EventSourceArn)} of ${short(properties.FunctionName)}`,
      {
        batch: properties.BatchSize,
        concurrency: scaling.success ? scaling.data.MaximumConcurrency : 'none',
        partialFailures: responses.includes('ReportBatchItemFailures'),
        enabled: properties.Enabled ?? true,
      },
    ]
  },
  'AWS::Scheduler::Schedule': ({ Name, ScheduleExpression, Target: target, State }) => {
    const { Arn, Input } = Target.parse(target)
    return [
      `schedule ${short(Name)}`,
      { every: secondsOf(String(ScheduleExpression)), input: Input, target: short(Arn), enabled: State !== 'DISABLED' },
    ]
  },
}

/** A name or ARN less the stack's name. */
function short(name: unknown): string {
  const [, rest] = String(name).split(`${pseudoParameters['AWS::StackName']}-`)
  return rest ?? String(name)
}

/** `rate(15 minutes)` → 900; anything else as it stands. */
function secondsOf(expression: string): number | string {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(expression)?.[1]
  return minutes === undefined ? expression : Number(minutes) * 60
}
