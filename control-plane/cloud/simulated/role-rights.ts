import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import type { RoleRights } from '../role-rights.ts'
import { placeKey, type Simulation } from './simulation.ts'
import { openStackShelf } from './stack-shelf.ts'

/** A role of a stack may do everything with what is named after the stack, and nothing with anything else. */
export function simulateRoleRights(simulation: Simulation, place: CloudPlace): RoleRights {
  return {
    async allowed({ roleArn, actions, resourceArn }) {
      const start = `arn:aws:iam::${place.awsAccountId}:role/`
      if (!roleArn.startsWith(start)) throw CloudFailure.invalid('SimulatePrincipalPolicy: InvalidInput')
      const roleName = roleArn.slice(start.length)
      const stacks = await openStackShelf(simulation).all(placeKey(place))
      const found = stacks.find(({ stackName }) => roleName.startsWith(`${stackName}-`))
      if (found === undefined) return undefined
      const { TableName, BucketName } = found.outputs
      const isOwn = [TableName, BucketName].some((name) => name !== undefined && resourceArn.includes(name))
      return isOwn ? actions : []
    },
  }
}
