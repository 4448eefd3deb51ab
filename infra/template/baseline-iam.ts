import { type IamRight, iamList } from './iam-list.ts'
import { resourcesOf, Template } from './template.ts'

/** What roles may do and what boundaries would let them, read alike. */
export function baselineRights(template: Template): readonly IamRight[] {
  return [...iamList(template), ...boundaryRights(template)]
}

/** Managed policies of a template as rights; `role` is the policy's name. */
export function boundaryRights(template: Template): readonly IamRight[] {
  const policies = resourcesOf(template, 'AWS::IAM::ManagedPolicy').map(([id, { Properties }]) => [
    id,
    { Type: 'AWS::IAM::Role', Properties: { Policies: [Properties] } },
  ])
  return iamList(Template.parse({ Resources: Object.fromEntries(policies) }))
}
