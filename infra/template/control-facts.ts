import {
  type ControlFunction,
  controlFunctionNames,
  controlFunctions,
  controlQueueNames,
  controlQueues,
  controlSweepNames,
  controlSweeps,
  MAIL_EVENTS,
} from '#control-plane/manifest.ts'
import { functionFacts, queueFacts } from './manifest-facts.ts'

/** Everything the control plane's manifest promises of its template, as `factsOfTemplate` reads it. */
export function factsOfControlManifest(): ReadonlyMap<string, string> {
  const facts = new Map<string, string>()
  const note = (subject: string, values: Readonly<Record<string, unknown>>) => {
    for (const [name, value] of Object.entries(values)) facts.set(`${subject} ${name}`, String(value))
  }
  for (const name of controlQueueNames())
    for (const [subject, values] of queueFacts(name, controlQueues[name])) note(subject, values)
  note(`topic ${MAIL_EVENTS}`, { is: true })
  note(`subscription ${MAIL_EVENTS} to ${MAIL_EVENTS}`, { raw: true, deadLetters: `${MAIL_EVENTS}-dlq` })
  for (const name of controlFunctionNames()) {
    const one: ControlFunction = controlFunctions[name]
    note(`function ${name}`, { ...functionFacts(one), recursiveLoop: one.takes.length > 0 ? 'Allow' : 'Terminate' })
    for (const queueName of one.takes)
      note(`source ${queueName} of ${name}`, {
        batch: controlQueues[queueName].batchSize,
        concurrency: controlQueues[queueName].concurrency,
        partialFailures: true,
        enabled: true,
      })
  }
  for (const name of controlSweepNames())
    note(`schedule ${name}`, {
      every: controlSweeps[name].everySeconds,
      input: JSON.stringify({ sweep: name }),
      target: 'control-sweeps',
      enabled: true,
    })
  return facts
}
