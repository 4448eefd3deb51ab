import * as z from 'zod'
import { attributeOf, pseudoParameters, referenceOf } from './sample-values.ts'
import type { Template, TemplateResource } from './template.ts'

/** Reads a template as CloudFormation would, with the given parameters and made-up names of resources. */
export type Resolver = {
  readonly resolve: (value: unknown) => unknown
  readonly text: (value: unknown) => string
  readonly holds: (conditionName: string) => boolean
  /** Resources, of these types or of all, whose condition holds; with their properties resolved. */
  readonly present: (types?: readonly string[]) => readonly (readonly [string, TemplateResource])[]
}

// Schemas are made once: making them is what costs.
const Name = z.string()
const Scalar = z.union([z.string(), z.number(), z.boolean()])
const Attribute = z.tuple([z.string(), z.string()])
const Separated = z.tuple([z.string(), z.unknown()])
const Indexed = z.tuple([z.coerce.number(), z.unknown()])
const Choice = z.tuple([z.string(), z.unknown(), z.unknown()])
const Properties = z.record(z.string(), z.unknown())
const List = z.array(z.unknown())
const Texts = z.array(z.string())
const SubArgument = z.union([
  z.string().transform((pattern): [string, Record<string, unknown>] => [pattern, {}]),
  z.tuple([z.string(), z.record(z.string(), z.unknown())]),
])
const NOTHING = Symbol('AWS::NoValue')

export function createResolver(template: Template, parameters: Readonly<Record<string, string>>): Resolver {
  function reference(name: string): unknown {
    if (name === 'AWS::NoValue') return NOTHING
    const pseudo = pseudoParameters[name]
    if (pseudo !== undefined) return pseudo
    const parameter = template.Parameters[name]
    if (parameter !== undefined) {
      const value = parameters[name] ?? String(parameter.Default ?? '')
      return parameter.Type === 'CommaDelimitedList' ? value.split(',') : value
    }
    return referenceOf(name, found(name), text)
  }
  function found(logicalId: string): TemplateResource {
    const resource = template.Resources[logicalId]
    if (resource === undefined) throw new Error(`nothing is named ${logicalId}`)
    return resource
  }
  function substitute(argument: unknown): string {
    const [pattern, own] = SubArgument.parse(argument)
    return pattern.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name in own) return text(own[name])
      const [logicalId = '', attribute] = name.split('.')
      return attribute === undefined ? text({ Ref: name }) : text({ 'Fn::GetAtt': [logicalId, attribute] })
    })
  }
  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (argument) => reference(Name.parse(argument)),
    Condition: (argument) => holds(Name.parse(argument)),
    'Fn::GetAtt': (argument) => {
      const [logicalId, attribute] = Attribute.parse(argument)
      return attributeOf(logicalId, attribute, found(logicalId), text)
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = Separated.parse(argument)
      return Texts.parse(resolve(parts)).join(separator)
    },
    'Fn::Split': (argument) => {
      const [separator, whole] = Separated.parse(argument)
      return text(whole).split(separator)
    },
    'Fn::Select': (argument) => {
      const [index, list] = Indexed.parse(argument)
      return List.parse(resolve(list))[index]
    },
    'Fn::Sub': substitute,
    'Fn::If': (argument) => {
      const [name, yes, no] = Choice.parse(argument)
      return resolve(holds(name) ? yes : no)
    },
    'Fn::Equals': (argument) => {
      const [one, other] = List.parse(argument).map(text)
      return one === other
    },
    'Fn::Not': (argument) => List.parse(argument).every((one) => resolve(one) === false),
    'Fn::And': (argument) => List.parse(argument).every((one) => resolve(one) === true),
    'Fn::Or': (argument) => List.parse(argument).some((one) => resolve(one) === true),
  }
  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter((member) => member !== NOTHING)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    const [name, argument] = entries[0] ?? ['', undefined]
    const apply = entries.length === 1 ? functions[name] : undefined
    if (apply !== undefined) return apply(argument)
    const members = entries.map(([key, member]): [string, unknown] => [key, resolve(member)])
    return Object.fromEntries(members.filter(([, member]) => member !== NOTHING))
  }
  function text(value: unknown): string {
    return String(Scalar.parse(resolve(value)))
  }
  function holds(conditionName: string): boolean {
    if (!(conditionName in template.Conditions)) throw new Error(`no condition is named ${conditionName}`)
    return resolve(template.Conditions[conditionName]) === true
  }
  return {
    resolve,
    text,
    holds,
    present: (types) =>
      Object.entries(template.Resources)
        .filter(([, { Type }]) => types === undefined || types.includes(Type))
        .filter(([, { Condition }]) => Condition === undefined || holds(Condition))
        .map(([logicalId, resource]) => {
          return [logicalId, { ...resource, Properties: Properties.parse(resolve(resource.Properties)) }] as const
        }),
  }
}
