import type { ServiceName } from '#control-plane/provisioning/budget.ts'

type Limit = { readonly calls: number; readonly windowMilliseconds: number }

/**
 * What AWS allows in any window, written down apart from the engine's budgets, so that a budget set too high is told (control plane design,
 * "Quotas with figures"). Services without a figure there are only counted.
 */
export const limits: { readonly [S in ServiceName]?: Limit } = {
  route53: { calls: 5, windowMilliseconds: 1000 },
  ses: { calls: 1, windowMilliseconds: 1000 },
  stack_creation: { calls: 1, windowMilliseconds: 5000 },
  custom_domain: { calls: 1, windowMilliseconds: 30_000 },
  stack_deletion: { calls: 1, windowMilliseconds: 30_000 },
}

/** Calls that come sooner than the limit's window allows, of a service's calls in their order. */
export function overrunsOf(times: readonly number[], { calls, windowMilliseconds }: Limit): number {
  return times.filter((at, index) => index >= calls && at - (times[index - calls] ?? 0) < windowMilliseconds).length
}
