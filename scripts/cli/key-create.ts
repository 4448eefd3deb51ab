import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import { environmentOption, functionVariables } from './function-variables.ts'
import { createByApi } from './key-commands.ts'

const Scopes = z
  .string()
  .transform((list) => list.split(',').map((scope) => scope.trim()))
  .pipe(z.array(ApiScope).min(1))

/**
 * By the API of the product; with an environment of a tenant on AWS, whose stack is born without a key, with the credentials of whoever may
 * write its table.
 */
export const keyCreate: TenantCommand = {
  noun: 'key',
  verb: 'create',
  summary: 'Make an API key; it is shown once',
  positionals: [],
  options: {
    environment: {
      value: environmentOption.value,
      help: `${environmentOption.help}; left out: by the API of the running product`,
    },
    label: { value: 'TEXT', help: 'What the key is for', isRequired: true },
    scopes: { value: 'LIST', help: `Parted by commas; all when left out: ${ApiScope.options.join(',')}` },
    'expires-at': { value: 'INSTANT', help: 'When it ends by itself, such as 2027-01-01T00:00:00Z' },
  },
  async run(product, { options }) {
    const scopes = Scopes.safeParse(options.scopes ?? ApiScope.options.join(','))
    if (!scopes.success) throw CliFailure.usage(`--scopes takes some of ${ApiScope.options.join(',')}`)
    const { environment, label = '', 'expires-at': expiresAt } = options
    if (environment === undefined) return createByApi(product, { label, scopes: scopes.data, expiresAt })
    if (expiresAt !== undefined) throw CliFailure.usage('--expires-at goes with the API only, not with --environment')
    // The AWS SDK is half a megabyte that no other command needs.
    const { wireAws } = await import('#tenant-stack/wire-aws.ts')
    const ctx = wireAws(await functionVariables(environment))
    const { apiKey, secret } = await createApiKey(ctx, { label, scopes: scopes.data })
    return {
      text: `${secret}\nKey ${apiKey.keyId} of ${ctx.settings.domainName}. It is kept as a hash only and cannot be shown again.`,
      json: { id: apiKey.keyId, secret, scopes: apiKey.scopes },
    }
  },
}
