import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { CloudFailure } from '../failure.ts'
import type { RoleRights } from '../role-rights.ts'
import { type ErrorMeanings, reading } from './sdk-call.ts'

/** In IAM's own words and in those of its query protocol. */
const MEANINGS: ErrorMeanings = { NoSuchEntity: 'gone', NoSuchEntityException: 'gone' }

export function createRoleRights(client: IAMClient): RoleRights {
  return {
    allowed: ({ roleArn, actions, resourceArn }) =>
      reading(
        'SimulatePrincipalPolicy',
        async () => {
          const { EvaluationResults = [], IsTruncated } = await client.send(
            new SimulatePrincipalPolicyCommand({
              PolicySourceArn: roleArn,
              ActionNames: [...actions],
              ResourceArns: [resourceArn],
            }),
          )
          const answered = EvaluationResults.flatMap(({ EvalActionName }) => EvalActionName ?? [])
          // What was not answered was not refused.
          if (IsTruncated === true || actions.some((action) => !answered.includes(action)))
            throw CloudFailure.unavailable('SimulatePrincipalPolicy: the answer lacks actions')
          return EvaluationResults.flatMap(({ EvalActionName, EvalDecision }) =>
            EvalDecision === 'allowed' && EvalActionName !== undefined ? [EvalActionName] : [],
          )
        },
        MEANINGS,
      ),
  }
}
