import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,tenant-stack,control-plane,infra,scripts}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'product',
          include: ['test/{house,product,mail,itip,cell,control,infra,simulation,forgery,fuzz,isolation}/**/*.test.ts'],
        },
      },
    ],
  },
})
