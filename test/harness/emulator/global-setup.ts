import type { TestProject } from 'vitest/node'
import { startEmulator } from './start-emulator.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly emulatorEndpoint: string
  }
}

/** One emulator for all files of the run; every test makes resources under names of its own. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const emulator = await startEmulator()
  provide('emulatorEndpoint', emulator.endpoint)
  return emulator.stop
}
