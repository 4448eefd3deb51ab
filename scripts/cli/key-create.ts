import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/api-key.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import { environmentOption, functionVariables } from './function-variables.ts'

const Scopes = z
  .string()
  .transform((list) => list.split(',').map((scope) => scope.trim()))
  .pipe(z.array(ApiScope).min(1))

/** Of a tenant on AWS, whose stack is born without one: with the credentials of whoever may write its table. */
export const keyCreate: TenantCommand = {
  noun: 'key',
  verb: 'create',
  summary: 'Mint an API key of a tenant on AWS; it is shown once',
  positionals: [],
  options: {
    environment: environmentOption,
    label: { value: 'TEXT', help: 'What the key is for', isRequired: true },
    scopes: { value: 'LIST', help: `Parted by commas; all when left out: ${ApiScope.options.join(',')}` },
  },
  async run(_product, { options }) {
    const scopes = Scopes.safeParse(options.scopes ?? ApiScope.options.join(','))
    if (!scopes.success) throw CliFailure.usage(`--scopes takes some of ${ApiScope.options.join(',')}`)
    // The AWS SDK is half a megabyte that no other command needs.
    const { wireAws } = await import('#tenant-stack/wire-aws.ts')
    const ctx = wireAws(await functionVariables(options.environment ?? ''))
    const { apiKey, secret } = await createApiKey(ctx, { label: options.label ?? '', scopes: scopes.data })
    return {
      text: `${secret}\nKey ${apiKey.keyId} of ${ctx.settings.domainName}. It is kept as a hash only and cannot be shown again.`,
      json: { id: apiKey.keyId, secret, scopes: apiKey.scopes },
    }
  },
}
