import { pipelineNames, pipelines, plainFunctions, queueNameOf, sweeps, topicNames } from '#tenant-stack/manifest.ts'
import { pascalCase } from '../constructs/names.ts'

/** What must be true of every queue beyond what the manifest says. */
const queueRules = { encrypted: true, keptSeconds: 1_209_600 }

/** Everything the manifest promises of a template, one fact each: `queue inlet visibility` → `360`. */
export function factsOfManifest(): ReadonlyMap<string, string> {
  const facts = new Map<string, string>()
  const note = (subject: string, values: Readonly<Record<string, unknown>>) => {
    for (const [name, value] of Object.entries(values)) facts.set(`${subject} ${name}`, String(value))
  }
  for (const name of topicNames()) note(`topic ${name}`, { is: true })
  for (const name of pipelineNames()) {
    const pipeline = pipelines[name]
    const queue = queueNameOf(name)
    for (const [subject, values] of queueFacts(queue, pipeline)) note(subject, values)
    for (const topicName of pipeline.listensTo)
      note(`subscription ${topicName} to ${queue}`, { raw: true, deadLetters: `${queue}-dlq` })
    const listens: readonly string[] = pipeline.listensTo
    const continues = pipeline.publishes.some((topicName) => listens.includes(topicName))
    note(`function ${name}`, { ...functionFacts(pipeline), recursiveLoop: continues ? 'Allow' : 'Terminate' })
    note(`source ${queue} of ${name}`, {
      batch: pipeline.batchSize,
      concurrency: pipeline.concurrency,
      partialFailures: true,
      enabled: true,
    })
  }
  for (const [name, plain] of Object.entries(plainFunctions))
    note(`function ${name}`, { ...functionFacts(plain), recursiveLoop: 'Terminate' })
  for (const [name, { everySeconds }] of Object.entries(sweeps))
    note(`schedule ${name}`, {
      every: everySeconds,
      input: JSON.stringify({ sweep: name }),
      target: 'sweeps',
      enabled: true,
    })
  return facts
}

/** A queue and its dead letters. */
export function queueFacts(
  queue: string,
  from: { readonly visibilitySeconds: number; readonly maxReceives: number },
): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  const { encrypted, keptSeconds } = queueRules
  const { visibilitySeconds: visibility, maxReceives } = from
  return [
    [`queue ${queue}`, { visibility, maxReceives, deadLetters: `${queue}-dlq`, encrypted }],
    [`queue ${queue}-dlq`, { kept: keptSeconds, encrypted, allows: queue }],
  ]
}

export function functionFacts(from: {
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly boundary: string
}) {
  return {
    timeout: from.timeoutSeconds,
    memory: from.memoryMb,
    role: `${pascalCase(from.boundary)}Role`,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
  }
}
