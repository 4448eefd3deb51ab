import { defineConfig } from 'vitest/config'

/** Apart from `npm test`, because it needs Go: what billing sends and the double answers, against Stripe's own mock server and OpenAPI file. */
export default defineConfig({
  test: {
    name: 'stripe',
    include: ['test/stripe/**/*.test.ts'],
    globalSetup: ['test/stripe/harness/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
