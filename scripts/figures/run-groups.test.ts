import { describe, expect, it } from 'vitest'
import { type Figure, type FigureGroup, type FigureOptions, figureLine } from './figure.ts'
import { groups } from './groups.ts'
import { runGroups } from './run-groups.ts'

const group = (name: string, run: (options: FigureOptions) => readonly Figure[], more = {}): FigureGroup => ({
  name,
  isQuick: true,
  load: () => Promise.resolve(run),
  ...more,
})
const figure = (groupName: string, name: string, value: number, unit = 's'): Figure => ({
  group: groupName,
  name,
  value,
  unit,
})

async function outcome(of: readonly FigureGroup[], names: readonly string[], options: FigureOptions = { full: false }) {
  const out: string[] = []
  const errors: string[] = []
  const code = await runGroups(of, names, options, {
    out: (line) => out.push(line),
    error: (line) => errors.push(line),
  })
  return { code, figures: out.filter((line) => line.startsWith('FIGURE')), last: out.at(-1), errors }
}

const start = group('start', () => [figure('start', 'ready_s', 1.25)])
const compose = group('compose', ({ full }) => [figure('compose', 'parsed_back', full ? 10_000 : 1000, 'mails')])
const corpus = group('corpus', ({ dir }) => [figure('corpus', 'files', dir?.length ?? 0, 'files')], { wantsDir: true })
const slow = group('slow', () => [figure('slow', 'cycles', 1000, 'cycles')], { isQuick: false })
const all = [start, compose, corpus, slow]

describe('figures', () => {
  it('prints the named groups, in the order of the list, and figures last', async () => {
    expect(await outcome(all, ['compose', 'start'])).toEqual({
      code: 0,
      figures: ['FIGURE start.ready_s 1.25 s', 'FIGURE compose.parsed_back 1000 mails'],
      last: 'FIGURE compose.parsed_back 1000 mails',
      errors: [],
    })
  })

  it('without names runs the quick groups, and those that want a folder when there is one', async () => {
    expect((await outcome(all, [])).figures).toHaveLength(2)
    expect((await outcome(all, [], { full: false, dir: 'four' })).figures).toContain('FIGURE corpus.files 4 files')
  })

  it('hands --full and --dir on', async () => {
    expect((await outcome(all, ['compose'], { full: true })).figures).toEqual([
      'FIGURE compose.parsed_back 10000 mails',
    ])
    expect((await outcome(all, ['corpus'], { full: true, dir: 'four' })).figures).toEqual([
      'FIGURE corpus.files 4 files',
    ])
  })

  it('refuses a name it does not know and says which there are', async () => {
    expect(await outcome(all, ['start', 'stat'])).toEqual({
      code: 2,
      figures: [],
      last: undefined,
      errors: ['figures: no group is named stat; there are: start, compose, corpus, slow'],
    })
  })

  it('says why a group cannot run, prints nothing for it, and still prints the others', async () => {
    const broken = group('broken', () => {
      throw new Error('the parser child did not start')
    })
    expect(await outcome([broken, start], [])).toMatchObject({
      code: 1,
      figures: ['FIGURE start.ready_s 1.25 s'],
      errors: ['figures: broken cannot run here: the parser child did not start'],
    })
    expect(await outcome(all, ['corpus'])).toMatchObject({
      code: 1,
      figures: [],
      errors: ['figures: corpus cannot run here: it wants a folder: --dir FOLDER'],
    })
  })

  it.each([
    ['no figure', []],
    ['NaN', [figure('odd', 'ready_s', Number.NaN)]],
    ['infinity', [figure('odd', 'ready_s', Number.POSITIVE_INFINITY)]],
    ['a figure of another group', [figure('start', 'ready_s', 1)]],
    ['a unit of two words', [figure('odd', 'ready_s', 1, 'per s')]],
  ])('never prints %s', async (_, figures) => {
    const { code, figures: printed } = await outcome([group('odd', () => figures)], [])
    expect({ code, printed }).toEqual({ code: 1, printed: [] })
  })

  it('prints counts whole and measurements with six digits', () => {
    expect(figureLine(figure('a', 'b', 12_345_678, 'rows'))).toBe('FIGURE a.b 12345678 rows')
    expect(figureLine(figure('a', 'b', 1.234_567_89, 's'))).toBe('FIGURE a.b 1.23457 s')
  })

  it('has a group behind every name of the list', async () => {
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length)
    for (const { load } of groups) expect(await load()).toBeTypeOf('function')
  })
})
