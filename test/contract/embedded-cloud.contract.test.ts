import { contractFacts } from '#test/harness/cloud/contract-templates.ts'
import { createTestCloud } from '#test/harness/cloud/simulated-cloud.ts'
import { describeCloudContract } from './cloud.contract.ts'

describeCloudContract('simulated', async () => {
  const { cloud, world, mails, records, hosts, platform, publish, close } = await createTestCloud()
  const [awsAccountId, otherAccountId] = ['111111111111', '222222222222']
  for (const one of [awsAccountId, otherAccountId]) await world.openAccount({ awsAccountId: one })
  for (const kind of ['plain', 'replacing'] as const) publish(`https://releases/${kind}.json`, contractFacts(kind))
  return {
    cloud,
    place: { awsAccountId, region: 'eu-central-1' },
    otherPlace: { awsAccountId: otherAccountId, region: 'eu-central-1' },
    rootParentId: 'r-root',
    unitParentId: 'ou-root-11111111',
    cellTableName: 'cell-table',
    publish: async (kind) => `https://releases/${kind}.json`,
    async spoil(stackName) {
      hosts.failWith(stackName, 'it cannot be opened')
      return { templateUrl: 'https://releases/plain.json', mend: () => hosts.failWith(stackName, undefined) }
    },
    showRecord: records.put,
    received: () => mails,
    async passTime(seconds) {
      platform.clock.advance(seconds)
    },
    close,
  }
})
