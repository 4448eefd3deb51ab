import { aroundCloud, type CloudCall } from '#control-plane/cloud/around-cloud.ts'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'

/**
 * `throttle`: it does nothing and fails as throttled. `before`: it does nothing and its answer is unclear. `after`: it happens and its
 * answer is unclear all the same. `crash_…`: likewise, and from then on every call fails, as if the process had died.
 */
export type CloudFault = 'none' | 'throttle' | 'before' | 'after' | 'crash_before' | 'crash_after'

/** `number` counts the calls through this cloud from 1. */
export type NumberedCall = CloudCall & { readonly number: number }
export type CloudFaultPlan = (call: NumberedCall) => CloudFault

export type FaultyCloud = {
  readonly cloud: Cloud
  /** Every call so far, also those that failed. */
  readonly calls: readonly NumberedCall[]
  readonly isCrashed: () => boolean
}

/** The plan that does `fault` at one call and nothing at the others. */
export function cloudFaultAt(number: number, fault: CloudFault): CloudFaultPlan {
  return (call) => (call.number === number ? fault : 'none')
}

/** A cloud that fails as planned. A list that is late is made with the simulated cloud's own `listLag`. */
export function withCloudFaults(cloud: Cloud, plan: CloudFaultPlan): FaultyCloud {
  const calls: NumberedCall[] = []
  let isCrashed = false
  const faulty = aroundCloud(cloud, async (asked, act) => {
    if (isCrashed) throw crash()
    const call = { ...asked, number: calls.length + 1 }
    calls.push(call)
    const fault = plan(call)
    if (fault === 'throttle') throw CloudFailure.throttled(`injected throttle of ${call.verb}`)
    if (fault === 'before') throw CloudFailure.unavailable(`injected fault before ${call.verb}`)
    if (fault === 'crash_before' || fault === 'crash_after') isCrashed = true
    if (fault === 'crash_before') throw crash()
    const result = await act()
    if (fault === 'after') throw CloudFailure.unavailable(`injected fault after ${call.verb}`)
    if (isCrashed) throw crash()
    return result
  })
  return { cloud: faulty, calls, isCrashed: () => isCrashed }
}

function crash(): Error {
  return new Error('injected crash: this process is dead')
}
