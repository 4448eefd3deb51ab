import * as z from 'zod'
import { resourcesOf, type Template } from './template.ts'

export type IamRight = { readonly role: string; readonly action: string; readonly resource: string }

const Policies = z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) }))
const Statement = z.looseObject({
  Effect: z.string(),
  Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Resource: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]),
  Condition: z.unknown().optional(),
})

/** Every (role, action, resource) of a template, sorted; names of the template stand in angle brackets. */
export function iamList(template: Template): readonly IamRight[] {
  const rights = resourcesOf(template, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
    Policies.parse(Properties.Policies ?? [])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(statementsOf)
      .flatMap(({ Effect, Action, Resource, Condition, when }) =>
        Action.flatMap((action) =>
          Resource.map((resource) => ({
            role,
            action: Effect === 'Allow' ? action : `${Effect} ${action}`,
            resource: symbolic(resource) + (Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`) + when,
          })),
        ),
      ),
  )
  const byText = new Map(rights.map((right) => [Object.values(right).join(' '), right]))
  return [...byText].toSorted(([a], [b]) => compare(a, b)).map(([, right]) => right)
}

const Choice = z.object({ 'Fn::If': z.tuple([z.string(), z.unknown(), z.unknown()]) })
const NO_VALUE = JSON.stringify({ Ref: 'AWS::NoValue' })

/** A statement, or both that a condition of the template chooses from, each with the words for it. */
function statementsOf(statement: unknown): readonly (z.infer<typeof Statement> & { readonly when: string })[] {
  const choice = Choice.safeParse(statement)
  if (!choice.success) return [{ ...Statement.parse(statement), when: '' }]
  const [condition, yes, no] = choice.data['Fn::If']
  return [
    { given: yes, when: ` when ${condition}` },
    { given: no, when: ` when not ${condition}` },
  ]
    .filter(({ given }) => JSON.stringify(given) !== NO_VALUE)
    .map(({ given, when }) => ({ ...Statement.parse(given), when }))
}

/** Rights whose action or resource is exactly `*`. */
export function iamWildcards(template: Template): readonly IamRight[] {
  return iamList(template).filter(({ action, resource }) => action === '*' || resource.split(' ')[0] === '*')
}

const Join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
const GetAtt = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
const Sub = z.object({ 'Fn::Sub': z.string() })
const Ref = z.object({ Ref: z.string() })

function symbolic(value: unknown): string {
  if (typeof value === 'string') return value
  const [join, getAtt, sub, ref] = [Join, GetAtt, Sub, Ref].map((schema) => schema.safeParse(value))
  if (join?.success === true) {
    const [separator, parts] = Join.parse(value)['Fn::Join']
    return parts.map(symbolic).join(separator)
  }
  if (getAtt?.success === true) return `<${GetAtt.parse(value)['Fn::GetAtt'].join('.')}>`
  if (sub?.success === true) return Sub.parse(value)['Fn::Sub'].replaceAll(/\$\{([^}]+)\}/g, '<$1>')
  if (ref?.success === true) return `<${Ref.parse(value).Ref}>`
  return JSON.stringify(value)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
