import { type Fields, fieldsOf, listOf, text } from './documented.ts'

type Parameters = ReadonlyMap<string, string>

/** Types of the resources that stand with these parameters, by logical id. */
export function standingResources(templateBody: string, parameters: Parameters): ReadonlyMap<string, string> {
  const template = fieldsOf(JSON.parse(templateBody))
  const conditions = fieldsOf(template.Conditions)
  const resources = Object.entries(fieldsOf(template.Resources)).map(
    ([logicalId, row]) => [logicalId, fieldsOf(row)] as const,
  )
  return new Map(
    resources.flatMap(([logicalId, { Type, Condition }]) =>
      Condition === undefined || holds(conditions[text(Condition)], conditions, parameters)
        ? [[logicalId, text(Type)] as const]
        : [],
    ),
  )
}

/** Condition functions of CloudFormation, as far as templates of ours use them. */
function holds(condition: unknown, conditions: Fields, parameters: Parameters): boolean {
  const [name, argument] = Object.entries(fieldsOf(condition))[0] ?? ['', undefined]
  const rows: readonly unknown[] = Array.isArray(argument) ? argument : []
  switch (name) {
    case 'Fn::Equals':
      return resolved(rows[0], parameters) === resolved(rows[1], parameters)
    case 'Fn::Not':
      return !holds(rows[0], conditions, parameters)
    case 'Fn::And':
      return rows.every((row) => holds(row, conditions, parameters))
    case 'Fn::Or':
      return rows.some((row) => holds(row, conditions, parameters))
    case 'Condition':
      return holds(conditions[text(argument)], conditions, parameters)
    default:
      throw new Error(`the condition ${name} is not known here`)
  }
}

function resolved(node: unknown, parameters: Parameters): string {
  const { Ref } = fieldsOf(node)
  return Ref === undefined ? String(node) : (parameters.get(text(Ref)) ?? '')
}

/** Parameters as CloudFormation lists them, by name. */
export function parametersOf(list: unknown): Parameters {
  return new Map(listOf(list).map(({ ParameterKey, ParameterValue }) => [text(ParameterKey), text(ParameterValue)]))
}
