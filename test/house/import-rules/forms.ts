/** Every way a TypeScript file can name another module; a wall that one of them passes is not a wall. */
type Form = { readonly name: string; readonly isTypeOnly: boolean; readonly write: (specifier: string) => string }

const form = (name: string, isTypeOnly: boolean, write: Form['write']): Form => ({ name, isTypeOnly, write })

export const FORMS: readonly Form[] = [
  form('import', false, (to) => `import { thing } from '${to}'\nexport const used = thing\n`),
  form('default', false, (to) => `import thing from '${to}'\nexport const used = thing\n`),
  form('bare', false, (to) => `import '${to}'\n`),
  form('dynamic', false, (to) => `export const used = async () => (await import('${to}')).thing\n`),
  form('template', false, (to) => `export const used = async () => (await import(\`${to}\`)).thing\n`),
  form(
    'require',
    false,
    (to) => `declare const require: (name: string) => number\nexport const used = require('${to}')\n`,
  ),
  form('re-export', false, (to) => `export { thing } from '${to}'\n`),
  form('re-export-all', false, (to) => `export * from '${to}'\n`),
  form('type', true, (to) => `import type { Thing } from '${to}'\nexport type Used = Thing\n`),
  form('type-re-export', true, (to) => `export type { Thing } from '${to}'\n`),
  // depcruise does not call this one type-only; `import type` is the way to say it.
  form('type-query', false, (to) => `export type Used = import('${to}').Thing\n`),
]
