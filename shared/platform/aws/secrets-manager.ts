import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Secrets } from '../secrets.ts'
import { requestHandlerOptions } from './client-options.ts'

const TIMES = { connectionTimeout: 2000, requestTimeout: 5000 }

/** Secrets Manager; reading twice changes nothing, so the SDK's own retries serve. */
export function createSecretsManager(): Secrets {
  const client = new SecretsManagerClient({ maxAttempts: 4, requestHandler: requestHandlerOptions(TIMES) })
  return {
    async read(secretArn) {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }))
      if (SecretString === undefined) throw new Error('a secret is bytes and not text')
      return SecretString
    },
  }
}
