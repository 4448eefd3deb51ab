import type { TestProject } from 'vitest/node'
import { startStripeMock } from './start-stripe-mock.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly stripeMockUrl: string
    readonly stripeSpecFile: string
  }
}

/** One stripe-mock for the run; it keeps no state, so nobody disturbs anybody. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const mock = await startStripeMock()
  provide('stripeMockUrl', mock.url)
  provide('stripeSpecFile', mock.specFile)
  return mock.stop
}
