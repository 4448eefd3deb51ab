import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { en } from './languages/en.ts'

const folder = new URL('./languages/', import.meta.url)

/** `invite.lead.cancel` and so on, each with what it takes: `string` or the number of its values. */
function keysOf(words: object, path = ''): readonly string[] {
  return Object.entries(words).flatMap(([name, said]: [string, unknown]) =>
    typeof said === 'object' && said !== null
      ? keysOf(said, `${path}${name}.`)
      : `${path}${name}: ${typeof said === 'function' ? said.length : typeof said}`,
  )
}

const languages = readdirSync(folder).filter((name) => /^[a-z]{2}(?:-[A-Z]{2})?\.ts$/.test(name))

it.each(languages)('%s says all that English says, and nothing else', async (name) => {
  const code = name.replace('.ts', '')
  const module: Record<string, unknown> = await import(new URL(name, folder).href)
  const words = module[code.replace('-', '')]
  expect(words).toMatchObject({ language: code })
  expect(keysOf(Object(words)).toSorted()).toEqual(keysOf(en).toSorted())
})

it('finds nothing in English that is empty', () => {
  expect(languages).toContain('en.ts')
  expect(keysOf(en).length).toBeGreaterThan(60)
  expect(JSON.stringify(en)).not.toContain('""')
})
