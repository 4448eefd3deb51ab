import * as z from 'zod'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** The built functions by name: what `npm run build` leaves in `dist/functions.json`, and the template is made from. */
export const FunctionBundles = z.record(
  z.string(),
  z.object({
    /** Of the zip, which is stored under it: the same code is the same object in every release. */
    sha256: Sha256,
    sizeBytes: z.number(),
    handler: z.string(),
  }),
)
export type FunctionBundles = z.infer<typeof FunctionBundles>

/** Where a function's zip lies in a release bucket. */
export function bundleKey(sha256: string): string {
  return `functions/${sha256}.zip`
}

/** Semantic version 2.0.0 as this product uses it: no build metadata, which would not order. */
const Semver = z
  .string()
  .regex(
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/,
    'must be a version such as 1.2.3',
  )

/** A parameter of the tenant template, as whoever stamps a stack must know it. */
const ReleaseParameter = z.object({
  type: z.string(),
  description: z.string().exactOptional(),
  /** Absent: it must be given. */
  default: z.string().exactOptional(),
  allowedPattern: z.string().exactOptional(),
  allowedValues: z.array(z.string()).exactOptional(),
})

/**
 * One release of the tenant template: what the engine reads before it stamps or moves a tenant. It is written last, so that everything
 * it names is there; a release without it does not exist.
 */
export const ReleaseManifest = z.object({
  version: Semver,
  gitSha: z.string().regex(/^[0-9a-f]{40}$/, 'must be a whole commit hash'),
  templateSha256: Sha256,
  templateKey: z.string(),
  parameters: z.record(z.string(), ReleaseParameter),
  /** Versions of the cell's baseline that this template runs beside, both included. */
  cellVersionMin: Semver,
  cellVersionMax: Semver,
  /** A person has to start the move of tenants to it. */
  isBreaking: z.boolean(),
  functions: FunctionBundles,
})
export type ReleaseManifest = z.infer<typeof ReleaseManifest>

/** Where a version's template lies; its hash in the name, so that no two contents share a place. */
export function templateKey(version: string, templateSha256: string): string {
  return `templates/${version}/${templateSha256}.json`
}

export function manifestKey(version: string): string {
  return `releases/${version}.json`
}
