import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsForParentCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { ENGINE_ROLE_NAME } from '#infra/stacks/baseline/names.ts'
import { awsClients } from '#test/harness/aws/clients.ts'
import type { Estate } from '#test/harness/aws/estate.ts'
import { createStack, updateStack } from '#test/harness/aws/stacks.ts'
import { TEST_REGION } from '#test/harness/emulator/sdk-environment.ts'
import { baselineForEmulator } from './aws-iam.ts'

/** Holds the organisation; the engine lives there too, since the emulator (1.5.33) knows an organisation only from within it. */
export const MANAGEMENT_ACCOUNT_ID = '111111111111'

export type Organization = Awaited<ReturnType<typeof openOrganization>>

/** Clients' options as the root of an account. */
export function asRoot(endpoint: string, awsAccountId: string) {
  const credentials = { accessKeyId: awsAccountId, secretAccessKey: 'test' }
  return { endpoint, region: TEST_REGION, credentials }
}

/**
 * An organisation with a unit for dedicated accounts, the published role that vends them, and the engine's own role, on which this process
 * then acts: whatever it does in the cell or an account, it does by the roles of their baselines.
 */
export async function openOrganization(estate: Estate) {
  const { endpoint } = estate.emulator
  const options = asRoot(endpoint, MANAGEMENT_ACCOUNT_ID)
  const organizations = new OrganizationsClient(options)
  const { Organization: own } = await organizations.send(new DescribeOrganizationCommand({}))
  const { Roots } = await organizations.send(new ListRootsCommand({}))
  const [organizationId, rootParentId] = [own?.Id ?? '', Roots?.[0]?.Id ?? '']
  const { OrganizationalUnit } = await organizations.send(
    new CreateOrganizationalUnitCommand({ ParentId: rootParentId, Name: 'dedicated' }),
  )
  const dedicatedParentId = OrganizationalUnit?.Id ?? ''
  const aws = awsClients(endpoint, MANAGEMENT_ACCOUNT_ID)
  const engineRoleArn = `arn:aws:iam::${MANAGEMENT_ACCOUNT_ID}:role/${ENGINE_ROLE_NAME}`
  const management = await createStack(aws, {
    stackName: 'baseline-management',
    templateBody: JSON.stringify(baselineForEmulator(estate.managementTemplate)),
    parameters: {
      EngineRoleArn: engineRoleArn,
      OrganizationId: organizationId,
      RootParent: rootParentId,
      DedicatedParent: dedicatedParentId,
    },
  })
  const managementRoleArn = management.outputs.ManagementRoleArn ?? ''
  await makeEngineRole(endpoint, managementRoleArn)
  await trustEngine(estate, { engineRoleArn, organizationId })
  await actAs(endpoint, engineRoleArn)
  return {
    organizationId,
    rootParentId,
    dedicatedParentId,
    engineRoleArn,
    managementRoleArn,
    async dedicatedAccounts(): Promise<readonly string[]> {
      const { Accounts = [] } = await organizations.send(
        new ListAccountsForParentCommand({ ParentId: dedicatedParentId }),
      )
      return Accounts.map(({ Id = '' }) => Id)
    },
    close: () => organizations.destroy(),
  }
}

/** What the control plane's stack allows its engine outside its own account. */
async function makeEngineRole(endpoint: string, managementRoleArn: string): Promise<void> {
  const { iam } = awsClients(endpoint, MANAGEMENT_ACCOUNT_ID)
  const statement = (more: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] })
  const Principal = { AWS: `arn:aws:iam::${MANAGEMENT_ACCOUNT_ID}:root` }
  await iam.send(
    new CreateRoleCommand({
      RoleName: ENGINE_ROLE_NAME,
      AssumeRolePolicyDocument: statement({ Principal, Action: 'sts:AssumeRole' }),
    }),
  )
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: ENGINE_ROLE_NAME,
      PolicyName: 'rights',
      PolicyDocument: statement({
        Action: ['sts:AssumeRole'],
        Resource: ['arn:aws:iam::*:role/baseline/*', managementRoleArn],
      }),
    }),
  )
}

/** The cell that stands was told of an engine and an organisation that are made up. */
async function trustEngine(
  estate: Estate,
  { engineRoleArn, organizationId }: { readonly engineRoleArn: string; readonly organizationId: string },
): Promise<void> {
  await updateStack(estate.aws, {
    stackName: estate.cell.stackName,
    templateUrl: await estate.place('cell', baselineForEmulator(estate.cellTemplate)),
    parameters: {
      ReleaseBucket: estate.release.outputs.ReleaseBucket ?? '',
      EngineRoleArn: engineRoleArn,
      OrganizationId: organizationId,
    },
  })
}

/** Every client made afterwards without credentials of its own is the engine. */
async function actAs(endpoint: string, roleArn: string): Promise<void> {
  const sts = new STSClient(asRoot(endpoint, MANAGEMENT_ACCOUNT_ID))
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'engine' }))
  sts.destroy()
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials?.SessionToken,
    // The double of the estate takes sends alone.
    AWS_ENDPOINT_URL_SESV2: endpoint,
  })
}
