import { SESv2Client } from '@aws-sdk/client-sesv2'
import { createSesTenants } from '#control-plane/cloud/aws/ses-tenants.ts'
import type { Cloud, CloudPlace } from '#control-plane/cloud/cloud.ts'
import type { CloudStack } from '#control-plane/cloud/stacks.ts'
import { adaptedKey } from './aws-account.ts'
import { asRoot } from './aws-organization.ts'

/**
 * A cloud whose CloudFormation reads the adapted template where it is told of the published one, and makes and removes the stack's
 * AWS::SES::Tenant, a type that the emulator (1.5.33) does not know: it stands as long as the stack does.
 */
export function withTenantStacks(cloud: Cloud, endpoint: string): Cloud {
  const shown = new Map<string, string>()
  return {
    ...cloud,
    at(place) {
      const at = cloud.at(place)
      return {
        ...at,
        stacks: {
          ...at.stacks,
          createChangeSet: (input) =>
            at.stacks.createChangeSet({ ...input, templateUrl: adaptedUrl(endpoint, input.templateUrl) }),
          async read(stackNameOrId) {
            const found = await at.stacks.read(stackNameOrId)
            const key = `${place.awsAccountId} ${stackNameOrId}`
            const now = `${found?.status} ${found?.parameters.IdentityIsReady}`
            if (shown.get(key) !== now) await playSesTenant(endpoint, place, stackNameOrId, found)
            shown.set(key, now)
            return found
          },
        },
      }
    },
  }
}

/** It finds no bucket in a host name. */
function adaptedUrl(endpoint: string, templateUrl: string): string {
  const { hostname, pathname } = new URL(templateUrl)
  return `${endpoint}/${hostname.split('.s3.')[0]}/${adaptedKey(pathname.slice(1))}`
}

async function playSesTenant(
  endpoint: string,
  { awsAccountId, region }: CloudPlace,
  stackName: string,
  found: CloudStack | undefined,
): Promise<void> {
  const client = new SESv2Client(asRoot(endpoint, awsAccountId))
  const sesTenants = createSesTenants(client)
  const arn = (resource: string) => `arn:aws:ses:${region}:${awsAccountId}:${resource}`
  const tenantName = found?.stackName ?? stackName
  const identityArn = arn(`identity/${found?.parameters.DomainName}`)
  const configurationSetArn = arn(`configuration-set/${tenantName}`)
  if (found?.status === 'CREATE_COMPLETE' || found?.status === 'UPDATE_COMPLETE') {
    if ((await sesTenants.read(tenantName)) === undefined) await sesTenants.create({ tenantName, tags: found.tags })
    await sesTenants.associate({ tenantName, resourceArn: configurationSetArn })
    if (found.parameters.IdentityIsReady === 'true')
      await sesTenants.associate({ tenantName, resourceArn: identityArn })
    else await sesTenants.dissociate({ tenantName, resourceArn: identityArn })
  } else if (found === undefined || found.status.startsWith('DELETE')) {
    for (const resourceArn of (await sesTenants.associations(tenantName)) ?? [])
      await sesTenants.dissociate({ tenantName, resourceArn })
    await sesTenants.delete(tenantName)
  }
  client.destroy()
}
