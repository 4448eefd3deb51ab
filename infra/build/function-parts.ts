import type { Metafile } from 'esbuild'
import { type LazyModule, pipelines, plainFunctions } from '#tenant-stack/manifest.ts'
import { READER_CHILD } from './bundle-functions.ts'
import { sideFilesOf } from './side-files.ts'

const LAZY_MODULES: readonly LazyModule[] = ['mailparser', 'mailauth']

/** The file of ours that is imported lazily and leads to the module: behind it lies nothing that another function needs. */
const DOORS: { readonly [K in LazyModule]: string } = {
  mailparser: 'shared/imip/budget/mail-reader.ts',
  mailauth: 'shared/imip/authenticate/authenticator.ts',
}

const FOLDER = 'dist/code/'

/** The AWS SDK and what it brings. */
const SDK = /node_modules\/(@aws-sdk|@smithy|@aws-crypto|@aws|bowser|mnemonist|obliterator)\//

/** What a function's code weighs, minified: the AWS SDK, what lies behind the doors of lazy modules, and the rest, which is ours. */
export type Weight = { readonly sdkBytes: number; readonly lazyBytes: number; readonly restBytes: number }

/**
 * File names of a function's zip: its entry, every chunk that it reaches, the parser child where the manifest lists mailparser, and its side files. What
 * lies behind the door of a lazy module that the manifest does not list stays outside, so that nothing can load it by mistake.
 */
export function partsOf(name: string, metafile: Metafile): readonly string[] {
  const lazyModules = lazyModulesOf(name)
  const entries = lazyModules.includes('mailparser') ? [name, READER_CHILD] : [name]
  const shut = LAZY_MODULES.filter((module) => !lazyModules.includes(module))
  return [...reach(entries, metafile, shut), ...sideFilesOf(name)].toSorted((a, b) => (a < b ? -1 : 1))
}

/** Weighs a function's code by where it came from; the glue between chunks, some percent, counts for nobody. */
export function weightOf(name: string, metafile: Metafile): Weight {
  const all = inputsOf(partsOf(name, metafile), metafile)
  const eager = inputsOf([...reach([name], metafile, LAZY_MODULES)], metafile)
  const isSdk = (path: string): boolean => SDK.test(path)
  const sum = (inputs: ReadonlyMap<string, number>, counts: (path: string) => boolean): number =>
    [...inputs].reduce((bytes, [path, size]) => bytes + (counts(path) ? size : 0), 0)
  return {
    sdkBytes: sum(all, isSdk),
    lazyBytes: sum(all, (path) => !isSdk(path) && !eager.has(path)),
    restBytes: sum(all, (path) => !isSdk(path) && eager.has(path)),
  }
}

/** The files that entries lead to, but for what lies behind the shut doors. */
function reach(entries: readonly string[], { outputs }: Metafile, shut: readonly LazyModule[]): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = entries.map((entry) => `${FOLDER}${entry}.mjs`)
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const output = outputs[path]
    if (output === undefined) throw new Error(`${path} was not built`)
    if (reached.has(path.slice(FOLDER.length)) || shut.some((module) => DOORS[module] in output.inputs)) continue
    reached.add(path.slice(FOLDER.length))
    open.push(...output.imports.filter((one) => one.external !== true).map((one) => one.path))
  }
  return reached
}

function inputsOf(parts: readonly string[], { outputs }: Metafile): ReadonlyMap<string, number> {
  const inputs = new Map<string, number>()
  for (const part of parts)
    for (const [path, { bytesInOutput }] of Object.entries(outputs[`${FOLDER}${part}`]?.inputs ?? {}))
      inputs.set(path, (inputs.get(path) ?? 0) + bytesInOutput)
  return inputs
}

/** Heavy libraries that the manifest lets a function load. */
export function lazyModulesOf(name: string): readonly LazyModule[] {
  const all: Readonly<Record<string, { readonly lazyModules: readonly LazyModule[] }>> = {
    ...pipelines,
    ...plainFunctions,
  }
  return all[name]?.lazyModules ?? []
}
