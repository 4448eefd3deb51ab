import { basename, join } from 'node:path'
import { type Metafile, type Plugin, build as runEsbuild } from 'esbuild'
import { controlFunctionNames } from '#control-plane/manifest.ts'
import { pipelineNames, plainFunctionNames } from '#tenant-stack/manifest.ts'
import { CELL_FUNCTIONS } from './cell-functions.ts'
import { sideFiles } from './side-files.ts'

const root = join(import.meta.dirname, '..', '..')

/** The program of the parser child, which lies beside the functions that read mail. */
export const READER_CHILD = 'reader-child'

/** Packages in CommonJS ask for Node's modules by `require`, which an ES module has not. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"

/** zod exports its messages in fifty languages as one namespace, a quarter of a megabyte in every function; English is set without it. */
const withoutLocales: Plugin = {
  name: 'without-locales',
  setup: (build) => {
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

export type Bundled = {
  readonly metafile: Metafile
  /** Bytes by file name, all in one flat folder. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Every function's entry by its name. */
export function functionNames(): readonly string[] {
  return [...pipelineNames(), ...plainFunctionNames(), ...CELL_FUNCTIONS, ...controlFunctionNames()]
}

/**
 * Bundles every function and the parser child: ES modules, minified, the AWS SDK inside (pinned; the runtime's own moves), what is
 * imported lazily as chunks of their own, and beside them what is no code of ours. Licences of what is inside come as `.LEGAL.txt` files. Needs no network. The fronts are passes
 * by themselves: their OpenAPI library takes hold of zod whole, and in one pass every function would carry that. The planes are too: what
 * is changed in one of them must not change the other's code.
 */
export async function bundleFunctions(): Promise<Bundled> {
  const ofControl: readonly string[] = controlFunctionNames()
  const isFront = (name: string): boolean => name === 'front' || name === 'control-front'
  const names = functionNames().filter((name) => !isFront(name))
  const passes = await Promise.all([
    bundle(entriesOf('tenant-stack', ['front'])),
    bundle({
      ...entriesOf(
        'tenant-stack',
        names.filter((name) => !ofControl.includes(name)),
      ),
      [READER_CHILD]: join(root, 'shared/imip/budget/reader-child.ts'),
    }),
    bundle(entriesOf('control-plane', ['control-front'])),
    bundle(
      entriesOf(
        'control-plane',
        names.filter((name) => ofControl.includes(name)),
      ),
    ),
  ])
  const beside = await sideFiles()
  return {
    metafile: {
      inputs: Object.assign({}, ...passes.map(({ metafile }) => metafile.inputs)),
      outputs: Object.assign({}, ...passes.map(({ metafile }) => metafile.outputs)),
    },
    files: new Map([...passes.flatMap(({ files }) => [...files]), ...beside]),
  }
}

function entriesOf(plane: 'tenant-stack' | 'control-plane', names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, join(root, plane, 'handlers', `${name}.ts`)]))
}

async function bundle(entryPoints: Record<string, string>): Promise<Bundled> {
  const { metafile, outputFiles } = await runEsbuild({
    absWorkingDir: root,
    entryPoints,
    outdir: join(root, 'dist/code'),
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    // Tables of charsets are mostly text; escaped they would be twice as long.
    charset: 'utf8',
    // Asked for as ES module by one package and as CommonJS by another, it would be there twice.
    alias: { libmime: join(root, 'node_modules/libmime/dist/cjs/libmime.js') },
    legalComments: 'external',
    banner: { js: REQUIRE },
    metafile: true,
    plugins: [withoutLocales],
    write: false,
    logLevel: 'error',
  })
  return { metafile, files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])) }
}
