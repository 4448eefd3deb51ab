import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import { CloudFailure } from '../failure.ts'
import type { Credentials } from './place-clients.ts'
import { calling, given } from './sdk-call.ts'

/** Roles are chained (Lambda's, then the cell's), and a chained session lasts an hour at most (STS AssumeRole). */
const SESSION_SECONDS = 3600

type Input = {
  readonly sts: STSClient
  readonly roleArn: string
  readonly externalId?: string
  /** Shown in the account's trail. */
  readonly sessionName: string
}

/** Takes a role on; the SDK calls it again before the session ends. `denied`: no trust, or the wrong external id. */
export function assumedCredentials({ sts, roleArn, externalId, sessionName }: Input): () => Promise<Credentials> {
  return async () => {
    const { Credentials: got } = await calling(
      'AssumeRole',
      () =>
        sts.send(
          new AssumeRoleCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            DurationSeconds: SESSION_SECONDS,
            ...(externalId === undefined ? {} : { ExternalId: externalId }),
          }),
        ),
      // A role that is not there is refused like one that does not trust us; the rest is our own mistake.
      { RegionDisabledException: 'denied', ValidationError: 'denied' },
    )
    if (got === undefined) throw CloudFailure.unavailable('AssumeRole answered without credentials')
    return {
      accessKeyId: given(got.AccessKeyId, 'AccessKeyId'),
      secretAccessKey: given(got.SecretAccessKey, 'SecretAccessKey'),
      sessionToken: given(got.SessionToken, 'SessionToken'),
      expiration: given(got.Expiration, 'Expiration'),
    }
  }
}
