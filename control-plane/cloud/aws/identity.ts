import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import type { Identity } from '../identity.ts'
import { calling, given } from './sdk-call.ts'

export function createIdentity(sts: STSClient): Identity {
  return {
    async read() {
      const { Account, Arn } = await calling('GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})))
      return { awsAccountId: given(Account, 'Account'), arn: given(Arn, 'Arn') }
    },
  }
}
