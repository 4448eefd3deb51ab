import { defineConfig } from 'vitest/config'

/** Apart from `npm test`, because it needs Python: the AWS implementations against an emulator nobody here wrote. */
export default defineConfig({
  test: {
    name: 'aws',
    include: ['test/emulator/**/*.test.ts'],
    globalSetup: ['test/harness/emulator/global-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
