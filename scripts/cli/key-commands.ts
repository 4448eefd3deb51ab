import { randomUUID } from 'node:crypto'
import { type ApiScope, pageOf } from '#shared/contracts/api.ts'
import { KEY_OVERLAP_SECONDS_MAX, KeyView, KeyWithSecretView } from '#shared/contracts/keys-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import type { Product } from './product.ts'

type NewKey = { readonly label: string; readonly scopes: readonly ApiScope[]; readonly expiresAt?: string | undefined }

/** Makes a key by the product's API: it can have no more than the key of the command line has. */
export async function createByApi(product: Product, { label, scopes, expiresAt }: NewKey) {
  const key = KeyWithSecretView.parse(
    await product.api('/keys', {
      method: 'POST',
      headers: { 'idempotency-key': randomUUID() },
      body: { label, scopes, ...(expiresAt === undefined ? {} : { expires_at: expiresAt }) },
    }),
  )
  return { text: shownOnce(key.secret, `Key ${key.id}`), json: key }
}

function shownOnce(secret: string | undefined, what: string): string {
  return `${secret ?? ''}\n${what}. The secret is kept as a hash only and cannot be shown again.`
}

const keyList: TenantCommand = {
  noun: 'key',
  verb: 'list',
  summary: 'List the API keys, newest first, without their secrets',
  positionals: [],
  options: {
    limit: { value: 'NUMBER', help: 'How many, at most 200 (20 when not given)' },
    after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
  },
  async run(product, { options: { limit = '20', after } }) {
    if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
    const query = new URLSearchParams({ limit, ...(after === undefined ? {} : { after }) })
    const page = pageOf(KeyView).parse(await product.api(`/keys?${query}`))
    const rows = page.data.map((key) =>
      [
        key.id,
        key.revoked_at === undefined ? key.secrets.map(({ prefix }) => `${prefix}…`).join(' and ') : 'revoked',
        key.label,
        key.last_used_on === undefined ? 'never used' : `used ${key.last_used_on}`,
        ...(key.expires_at === undefined ? [] : [`until ${key.expires_at}`]),
        key.scopes.join(','),
      ].join('  '),
    )
    const more = page.has_more ? [`more: --after '${page.next_cursor ?? ''}'`] : []
    return { text: rows.length === 0 ? 'There are no keys.' : [...rows, ...more].join('\n'), json: page }
  },
}

const keyRotate: TenantCommand = {
  noun: 'key',
  verb: 'rotate',
  summary: 'Give a key a new secret; the one before lives on for a while',
  positionals: ['KEY_ID'],
  options: {
    overlap: { value: 'HOURS', help: 'How long the secret before still works, 0 to 168 (24 when not given)' },
  },
  async run(product, { positionals: [keyId = ''], options: { overlap = '24' } }) {
    const seconds = Number(overlap) * 3600
    if (!/^\d{1,3}$/.test(overlap) || seconds > KEY_OVERLAP_SECONDS_MAX)
      throw CliFailure.usage('--overlap is a number of hours from 0 to 168')
    const key = KeyWithSecretView.parse(
      await product.api(`/keys/${encodeURIComponent(keyId)}/rotate`, {
        method: 'POST',
        headers: { 'idempotency-key': randomUUID() },
        body: { overlap_seconds: seconds },
      }),
    )
    return { text: shownOnce(key.secret, `New secret of key ${key.id}`), json: key }
  },
}

const keyRevoke: TenantCommand = {
  noun: 'key',
  verb: 'revoke',
  summary: 'End a key at once',
  positionals: ['KEY_ID'],
  options: { force: { help: 'Also the last key that can make keys' } },
  async run(product, { positionals: [keyId = ''], flags }) {
    const force = flags.has('force') ? '?force=true' : ''
    await product.api(`/keys/${encodeURIComponent(keyId)}${force}`, { method: 'DELETE' })
    return { text: `Key ${keyId} lets nobody in any more.`, json: { id: keyId } }
  },
}

/** Keys of the API, by the API itself; `key create` stands apart, because it can also do without one. */
export const keyCommands: readonly TenantCommand[] = [keyList, keyRotate, keyRevoke]
