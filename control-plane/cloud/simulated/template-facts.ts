import * as z from 'zod'
import { ReleaseManifest } from '#shared/contracts/release.ts'
import { CloudFailure } from '../failure.ts'
import type { ResourceChange } from '../stacks.ts'

/** What CloudFormation would read out of a template. */
export const TemplateResource = z.object({
  type: z.string(),
  /** Of its properties: another digest is a change. */
  digest: z.string(),
  /** Of properties that cannot be changed in place: another one makes the resource anew. */
  fixedDigest: z.string().default(''),
  /** Names of the parameters that its properties use. */
  parameters: z.array(z.string()).default([]),
  /** It is there only while this parameter has a value other than '' and 'false'. */
  onlyWith: z.string().exactOptional(),
})

export const TemplateFacts = z.object({
  version: z.string(),
  parameters: ReleaseManifest.shape.parameters,
  resources: z.record(z.string(), TemplateResource),
})
export type TemplateFacts = z.infer<typeof TemplateFacts>

type Parameters = { readonly [name: string]: string }

/** Given parameters and defaults; throws `cloud.invalid` in CloudFormation's words when they do not fit. */
export function resolveParameters(template: TemplateFacts, given: Parameters): Parameters {
  const unknown = Object.keys(given).filter((name) => !(name in template.parameters))
  if (unknown.length > 0) throw CloudFailure.invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`)
  const missing = Object.entries(template.parameters).filter(([name, row]) => !(name in given || 'default' in row))
  if (missing.length > 0)
    throw CloudFailure.invalid(`Parameters: [${missing.map(([name]) => name).join(', ')}] must have values`)
  const resolved = Object.entries(template.parameters).map(([name, row]) => [name, given[name] ?? row.default ?? ''])
  for (const [name = '', value = ''] of resolved) checkParameter(template, name, value)
  return Object.fromEntries(resolved)
}

function checkParameter(template: TemplateFacts, name: string, value: string): void {
  const { allowedPattern, allowedValues } = template.parameters[name] ?? {}
  if (allowedValues !== undefined && !allowedValues.includes(value))
    throw CloudFailure.invalid(`Parameter '${name}' must be one of AllowedValues`)
  // CloudFormation matches the whole value.
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(value))
    throw CloudFailure.invalid(`Parameter ${name} failed to satisfy constraint: must match ${allowedPattern}`)
}

type Deployed = { readonly template: TemplateFacts; readonly parameters: Parameters; readonly tags: Parameters }

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false'
}

/** Logical ids of the resources that stand with these parameters. */
export function standing({
  template,
  parameters,
}: Omit<Deployed, 'tags'>): ReadonlyMap<string, z.infer<typeof TemplateResource>> {
  const entries = Object.entries(template.resources)
  return new Map(entries.filter(([, { onlyWith }]) => onlyWith === undefined || isOn(parameters[onlyWith])))
}

/** What a change set of this template and these parameters would do. */
export function changesBetween(before: Deployed | undefined, after: Deployed): readonly ResourceChange[] {
  const old = before === undefined ? new Map() : standing(before)
  const wanted = standing(after)
  const added = [...wanted].flatMap(([logicalId, { type }]): readonly ResourceChange[] =>
    old.has(logicalId) ? [] : [{ logicalId, resourceType: type, action: 'Add' }],
  )
  if (before === undefined) return added
  const removed = [...standing(before)].flatMap(([logicalId, { type }]): readonly ResourceChange[] =>
    wanted.has(logicalId) ? [] : [{ logicalId, resourceType: type, action: 'Remove' }],
  )
  const modified = [...standing(before)].flatMap(([logicalId, was]): readonly ResourceChange[] => {
    const now = wanted.get(logicalId)
    if (now === undefined) return []
    const isNew = now.fixedDigest !== was.fixedDigest || now.type !== was.type
    // Tags of the stack are tags of all that is in it.
    const isRetagged = !sameWords(after.tags, before.tags)
    const uses = now.parameters.some((name) => after.parameters[name] !== before.parameters[name])
    if (!isNew && !isRetagged && !uses && now.digest === was.digest) return []
    return [{ logicalId, resourceType: now.type, action: 'Modify', replacement: isNew ? 'True' : 'False' }]
  })
  return [...added, ...modified, ...removed]
}

/** Parameters or tags that say the same, in whatever order. */
export function sameWords(a: Parameters, b: Parameters): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
