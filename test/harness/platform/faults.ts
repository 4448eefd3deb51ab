import { MailerFailure } from '#shared/platform/mailer.ts'
import { TableFailure } from '#shared/platform/table.ts'
import { aroundPorts, type PortName, type Ports } from './around-ports.ts'

/**
 * `before`: the call does nothing and fails. `after`: it happens and fails all the same (ambiguous to the caller).
 * `crash_…`: likewise, and from then on every call of these ports fails, as if the process had died.
 */
export type Fault = 'none' | 'before' | 'after' | 'crash_before' | 'crash_after'

/** `number` counts the calls through these ports from 1. */
export type PortCall = { readonly port: PortName; readonly verb: string; readonly number: number }

export type FaultPlan = (call: PortCall) => Fault

export type FaultyPorts = Ports & {
  /** Every call so far, also those that failed. */
  readonly calls: readonly PortCall[]
  readonly isCrashed: () => boolean
}

/** The plan that does `fault` at one call and nothing at the others. */
export function faultAt(number: number, fault: Fault): FaultPlan {
  return (call) => (call.number === number ? fault : 'none')
}

/** The plan that does `fault` at the nth call (from 1) of one verb. */
export function faultAtVerb(port: PortName, verb: string, nth: number, fault: Fault): FaultPlan {
  let seen = 0
  return (call) => {
    if (call.port !== port || call.verb !== verb) return 'none'
    seen += 1
    return seen === nth ? fault : 'none'
  }
}

/** Ports that fail as planned, with the failure the port's own transport trouble would have. */
export function withFaults(ports: Ports, plan: FaultPlan): FaultyPorts {
  const calls: PortCall[] = []
  let isCrashed = false

  const faulty = aroundPorts(ports, async (port, verb, act) => {
    if (isCrashed) throw crash()
    const call: PortCall = { port, verb, number: calls.length + 1 }
    calls.push(call)
    const fault = plan(call)
    if (fault === 'crash_before' || fault === 'crash_after') isCrashed = true
    if (fault === 'before') throw failedBefore(call)
    if (fault === 'crash_before') throw crash()
    const result = await act()
    if (fault === 'after') throw failedAfter(call)
    // Another call may have crashed the process while this one was under way: nobody hears its answer.
    if (isCrashed) throw crash()
    return result
  })
  return { ...faulty, calls, isCrashed: () => isCrashed }
}

function crash(): Error {
  return new Error('injected crash: this process is dead')
}

function failedBefore({ port, verb }: PortCall): Error {
  if (port === 'table') return TableFailure.unavailable('injected fault before the call')
  if (port === 'mailer' && verb === 'send') return MailerFailure.throttled('injected fault before the send')
  return new Error(`injected fault before ${port}.${verb}`)
}

function failedAfter({ port, verb }: PortCall): Error {
  if (port === 'table') return TableFailure.unavailable('injected fault after the call')
  if (port === 'mailer' && verb === 'send') return MailerFailure.ambiguous('injected fault after the send')
  return new Error(`injected fault after ${port}.${verb}`)
}
