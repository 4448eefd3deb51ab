import {
  CreateTenantCommand,
  CreateTenantResourceAssociationCommand,
  DeleteTenantCommand,
  DeleteTenantResourceAssociationCommand,
  GetReputationEntityCommand,
  GetTenantCommand,
  paginateListTenantResources,
  type SESv2Client,
  UpdateReputationEntityCustomerManagedStatusCommand,
  UpdateReputationEntityPolicyCommand,
} from '@aws-sdk/client-sesv2'
import type { SesTenants } from '../ses-tenants.ts'
import { calling, given, orElse, reading, word } from './sdk-call.ts'
import { fromSdkTags, toSdkTags } from './sdk-tags.ts'
import { SES_MEANINGS as MEANINGS } from './ses-meanings.ts'

export function createSesTenants(client: SESv2Client): SesTenants {
  return {
    async create({ tenantName, tags }) {
      const command = new CreateTenantCommand({ TenantName: tenantName, Tags: toSdkTags(tags) })
      const answer = await calling('CreateTenant', () => client.send(command), MEANINGS)
      return { tenantArn: given(answer.TenantArn, 'TenantArn') }
    },
    async read(tenantName) {
      const command = new GetTenantCommand({ TenantName: tenantName })
      const answer = await reading('GetTenant', () => client.send(command), MEANINGS)
      if (answer === undefined) return undefined
      const found = given(answer.Tenant, 'Tenant')
      return {
        tenantName,
        tenantArn: given(found.TenantArn, 'TenantArn'),
        sendingStatus: word(['ENABLED', 'REINSTATED', 'DISABLED'], found.SendingStatus, 'the sending status'),
        tags: fromSdkTags(found.Tags),
      }
    },
    async associate({ tenantName, resourceArn }) {
      const command = new CreateTenantResourceAssociationCommand({ TenantName: tenantName, ResourceArn: resourceArn })
      const call = calling('CreateTenantResourceAssociation', () => client.send(command), MEANINGS)
      await orElse('exists', undefined, call)
    },
    associations: (tenantName) =>
      reading(
        'ListTenantResources',
        async () => {
          const arns: string[] = []
          for await (const page of paginateListTenantResources({ client }, { TenantName: tenantName }))
            arns.push(...(page.TenantResources ?? []).flatMap(({ ResourceArn }) => ResourceArn ?? []))
          return arns
        },
        MEANINGS,
      ),
    async dissociate({ tenantName, resourceArn }) {
      const command = new DeleteTenantResourceAssociationCommand({ TenantName: tenantName, ResourceArn: resourceArn })
      const call = calling('DeleteTenantResourceAssociation', () => client.send(command), MEANINGS)
      await orElse('gone', undefined, call)
    },
    async setSendingStatus({ tenantArn, status }) {
      const command = new UpdateReputationEntityCustomerManagedStatusCommand({
        ReputationEntityType: 'RESOURCE',
        ReputationEntityReference: tenantArn,
        SendingStatus: status,
      })
      await calling('UpdateReputationEntityCustomerManagedStatus', () => client.send(command), MEANINGS)
    },
    async reputationPolicyOf(tenantArn) {
      const command = new GetReputationEntityCommand({
        ReputationEntityType: 'RESOURCE',
        ReputationEntityReference: tenantArn,
      })
      const answer = await reading('GetReputationEntity', () => client.send(command), MEANINGS)
      if (answer === undefined) return undefined
      const policyArn = given(answer.ReputationEntity?.ReputationManagementPolicy, 'ReputationManagementPolicy')
      return word(['standard', 'strict', 'none'], policyArn.split('/').at(-1), 'the reputation policy')
    },
    async setReputationPolicy({ tenantArn, policy }) {
      const [, partition, , region] = tenantArn.split(':')
      const command = new UpdateReputationEntityPolicyCommand({
        ReputationEntityType: 'RESOURCE',
        ReputationEntityReference: tenantArn,
        ReputationEntityPolicy: `arn:${partition}:ses:${region}:aws:reputation-policy/${policy}`,
      })
      await calling('UpdateReputationEntityPolicy', () => client.send(command), MEANINGS)
    },
    async delete(tenantName) {
      const command = new DeleteTenantCommand({ TenantName: tenantName })
      await orElse(
        'gone',
        undefined,
        calling('DeleteTenant', () => client.send(command), MEANINGS),
      )
    },
  }
}
