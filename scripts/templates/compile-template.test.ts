import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compiledFile, compileTemplate } from './compile-template.ts'

it('finds the layout in the product to be what its MJML makes (npm run templates)', async () => {
  expect(await compileTemplate()).toBe(readFileSync(compiledFile, 'utf8'))
})
