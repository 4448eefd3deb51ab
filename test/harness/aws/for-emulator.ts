import * as z from 'zod'

/** Types that the emulator (1.5.33) does not know; the account's part in them is played by the tests. */
const UNKNOWN_TO_EMULATOR = ['AWS::SES::ReceiptRuleSet', 'AWS::SES::ReceiptRule', 'AWS::SES::Tenant'] as const

const Resource = z.looseObject({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: z.looseObject({}).optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
})

export const Template = z.looseObject({ Resources: z.record(z.string(), Resource) })
export type Template = z.infer<typeof Template>

/**
 * The template less the resources that the emulator has no notion of, and the ids and types in `also`; what stands under a condition
 * stays, since these tests do not meet it, and the emulator looks at nothing whose condition does not hold. Whoever depends on them no longer
 * does, and whoever names them gets a name of that shape.
 */
export function forEmulator(template: Template, also: readonly string[] = []): Template {
  const isLeftOut = ([id, { Type, Condition, Properties }]: readonly [string, z.infer<typeof Resource>]): boolean =>
    (Condition === undefined && UNKNOWN_TO_EMULATOR.some((type) => type === Type)) ||
    // It knows alarms on one metric, not on several.
    (Type === 'AWS::CloudWatch::Alarm' && Properties !== undefined && 'Metrics' in Properties) ||
    also.includes(id) ||
    also.includes(Type)
  const leftOut = new Set(Object.entries(template.Resources).flatMap((entry) => (isLeftOut(entry) ? [entry[0]] : [])))
  const kept = Object.entries(template.Resources).flatMap(([id, resource]) => {
    if (leftOut.has(id)) return []
    const { DependsOn, ...rest } = resource
    const dependsOn = [DependsOn ?? []].flat().filter((one) => !leftOut.has(one))
    return [[id, { ...rest, ...(dependsOn.length === 0 ? {} : { DependsOn: dependsOn }) }] as const]
  })
  const adapted = { ...template, Resources: Object.fromEntries(kept) }
  return Template.parse(standIn(adapted, leftOut))
}

/** A reference to what is left out becomes the name that it would have had: `<stack>-mail` for a rule set, the stack's for the rest. */
function standIn(node: unknown, leftOut: ReadonlySet<string>): unknown {
  if (Array.isArray(node)) return node.map((one) => standIn(one, leftOut))
  if (typeof node !== 'object' || node === null) return node
  if ('Ref' in node && typeof node.Ref === 'string' && leftOut.has(node.Ref))
    return { 'Fn::Sub': `\${AWS::StackName}-${node.Ref}` }
  if ('Fn::GetAtt' in node && Array.isArray(node['Fn::GetAtt']) && leftOut.has(String(node['Fn::GetAtt'][0])))
    throw new Error(`${String(node['Fn::GetAtt'][0])} is left out for the emulator, but something needs its attribute`)
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, standIn(value, leftOut)]))
}
