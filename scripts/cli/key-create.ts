import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import { createApiKey } from '#tenant-stack/core/api-key/api-key.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'

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
    environment: {
      value: 'FILE',
      help: 'Variables of one of its functions: aws lambda get-function-configuration … --query Environment.Variables',
      isRequired: true,
    },
    label: { value: 'TEXT', help: 'What the key is for', isRequired: true },
    scopes: { value: 'LIST', help: `Parted by commas; all when left out: ${ApiScope.options.join(',')}` },
  },
  async run(_product, { options }) {
    const scopes = Scopes.safeParse(options.scopes ?? ApiScope.options.join(','))
    if (!scopes.success) throw CliFailure.usage(`--scopes takes some of ${ApiScope.options.join(',')}`)
    // The AWS SDK is half a megabyte that no other command needs.
    const { wireAws } = await import('#tenant-stack/wire-aws.ts')
    const ctx = wireAws(await variablesOf(options.environment ?? ''))
    const { apiKey, secret } = await createApiKey(ctx, { label: options.label ?? '', scopes: scopes.data })
    return {
      text: `${secret}\nKey ${apiKey.keyId} of ${ctx.settings.domainName}. It is kept as a hash only and cannot be shown again.`,
      json: { id: apiKey.keyId, secret, scopes: apiKey.scopes },
    }
  },
}

async function variablesOf(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw CliFailure.usage(`${file} does not hold the variables of a function as JSON`, { cause })
  }
}
