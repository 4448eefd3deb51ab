import { describe, expect, it } from 'vitest'
import { FORMS } from './forms.ts'
import { ALLOWED, TARGETS } from './legal.ts'
import { type Cruise, cruise, packageJson, root, ruleNames, withMiniature } from './miniature.ts'
import type { Row } from './row.ts'
import { FORBIDDEN } from './rows.ts'

type Plant = Row & { readonly file: string; readonly form: string; readonly expected: readonly string[] }

const lawful = new Map(
  TARGETS.map((path) => [path, 'export const thing = 1\nexport type Thing = number\nexport default thing\n']),
)

function plantAll(tree: Map<string, string>): readonly Plant[] {
  return FORBIDDEN.flatMap((row, rowNumber) =>
    FORMS.map((form): Plant => {
      const number = `plant-${rowNumber}-${form.name}`
      const file = row.from.replace('*', number)
      const to = row.to.replace('*', number)
      tree.set(file, form.write(to))
      // A cycle needs a second half; depcruise reports a cycle once, at the file that sorts first.
      if (row.rule === 'no-cycles')
        tree.set(file.replace(number, `second-half-of-${number}`), `export * from './${number}.ts'\nexport default 1\n`)
      const isLawful = row.rule === 'portal-takes-api-types-only' && form.isTypeOnly
      return { ...row, file, form: form.name, expected: isLawful ? [] : [row.rule] }
    }),
  )
}

function reportedBy(report: Cruise): ReadonlyMap<string, readonly string[]> {
  const byFile = Map.groupBy(report.summary.violations, (violation) => violation.from)
  return new Map(
    [...byFile].map(([file, found]) => [file, [...new Set(found.map((violation) => violation.rule.name))]]),
  )
}

describe('the import rules', () => {
  it('report nothing on a lawful tree, whatever form its imports take', () => {
    const tree = new Map(lawful)
    for (const [index, [from, to]] of ALLOWED.entries())
      for (const form of FORMS) {
        const isOneFile = !from.includes('*')
        if (isOneFile && form.name !== 'import') continue
        tree.set(from.replace('*', `lawful-${index}-${form.name}`), form.write(to))
      }
    const report = withMiniature(tree, cruise)
    expect(reportedBy(report)).toEqual(new Map())
    expect(report.modules.length).toBeGreaterThan(tree.size)
  })

  it('have at least one planted violation each', () => {
    expect(new Set(FORBIDDEN.map((row) => row.rule))).toEqual(new Set(ruleNames))
    expect(new Set(ruleNames).size).toBe(ruleNames.length)
  })

  it('catch every planted violation, by its own rule and no other', () => {
    const tree = new Map(lawful)
    const plants = plantAll(tree)
    const reported = reportedBy(withMiniature(tree, cruise))
    const missed = plants.flatMap((plant) => {
      const rules = reported.get(plant.file) ?? []
      if (rules.join() === plant.expected.join()) return []
      return `${plant.file} → ${plant.to} (${plant.form}): ${plant.expected.join() || 'nothing'} expected, not [${rules}]`
    })
    const planted = plants.filter((plant) => plant.expected.length > 0).length
    process.stdout.write(
      `import rules: ${ruleNames.length} rules, ${planted} planted, ${planted - missed.length} caught\n`,
    )
    expect(missed).toEqual([])
    const strays = [...reported.keys()].filter((file) => !/plant-\d/.test(file))
    expect(strays).toEqual([])
  })
})

describe('the doors of the real tree', () => {
  it('are used, so that a rule cannot guard a path that no real package has', () => {
    const sources = cruise(root).modules.map((module) => module.source)
    const doors = ['ical.js', 'mailparser', 'mailauth', 'nodemailer', 'smtp-server', 'hono', '@hono/zod-openapi']
    const declared = doors.filter((name) => name in packageJson.dependencies).map((name) => `node_modules/${name}/`)
    expect(declared.filter((door) => !sources.some((source) => source.startsWith(door)))).toEqual([])
    expect(sources).toContain('node:sqlite')
  })
})
