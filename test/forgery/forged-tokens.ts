import { isFailure } from '#shared/errors/failure.ts'
import { createRandomIds } from '#shared/platform/node/random-ids.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { findApiKey } from '#tenant-stack/core/api-key/find-key.ts'
import { issueConfirmation } from '#tenant-stack/core/confirmation/issue-confirmation.ts'
import { redeemConfirmation } from '#tenant-stack/core/confirmation/redeem-confirmation.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findByProposalLink } from '#tenant-stack/core/proposal/proposal-link.ts'
import { answerIdOf, findByAnswerId } from '#tenant-stack/core/reply-address/answer-id.ts'
import { ensureReplyAddress, findReplyAddress } from '#tenant-stack/core/reply-address/reply-address.ts'
import { findByUnsubscribeId, unsubscribeIdOf } from '#tenant-stack/core/reply-address/unsubscribe-id.ts'
import { createSeededRandom, type SeededRandom } from '../harness/platform/seeded-random.ts'
import { ana, bob, invited } from '../harness/tenant/invited.ts'
import { asked, counter } from '../harness/tenant/proposed.ts'
import { createTestTenant } from '../harness/tenant/test-tenant.ts'

type Kind = 'key' | 'reply' | 'answer' | 'unsubscribe' | 'confirmation' | 'proposal' | 'cursor'
type Tokens = Readonly<Record<Kind, string>>
type Accepts = (ctx: Ctx, token: string) => Promise<boolean>

/** Whether the product takes a token for what it says it is. */
const ACCEPTS: Readonly<Record<Kind, Accepts>> = {
  key: async (ctx, token) => (await findApiKey(ctx, token)) !== undefined,
  reply: async (ctx, token) => (await findReplyAddress(ctx, token)) !== undefined,
  answer: async (ctx, token) => (await findByAnswerId(ctx, token)) !== undefined,
  unsubscribe: async (ctx, token) => (await findByUnsubscribeId(ctx, token)) !== undefined,
  confirmation: (ctx, token) => isTaken(() => redeemConfirmation(ctx, token)),
  proposal: async (ctx, token) => (await findByProposalLink(ctx, token)) !== undefined,
  cursor: (ctx, token) => isTaken(() => ctx.table.query({ ...PAGED, cursor: token })),
}
const KINDS = ['key', 'reply', 'answer', 'unsubscribe', 'confirmation', 'proposal', 'cursor'] as const

/** A partition of several rows, whose first page has a successor. */
const PAGED = { pk: 'forgery#rows', limit: 1 }
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

export type Forged = { readonly tried: number; readonly accepted: number; readonly which: readonly string[] }

/**
 * Presents tokens that nobody was given: made up, one character off, cut, longer, in another case, another tenant's, another purpose's,
 * and one that has expired. Throws when the real ones are refused as well. `planted` stands in for one kind's own check.
 */
export async function tryForgedTokens(count: number, planted: Partial<Record<Kind, Accepts>> = {}): Promise<Forged> {
  const accepts = { ...ACCEPTS, ...planted }
  const [own, other] = [await openTenant(), await openTenant()]
  try {
    const real = await tokensOf(own)
    const foreign = await tokensOf(other)
    for (const kind of KINDS)
      if (kind !== 'confirmation' && !(await accepts[kind](own.ctx, real[kind])))
        throw new Error(`the real ${kind} was refused as well`)
    own.platform.clock.advance(25 * 3600)
    const random = createSeededRandom(1)
    const which: string[] = []
    for (let at = 0; at < count; at += 1) {
      const kind = KINDS[at % KINDS.length] ?? 'key'
      const token = forge(kind, { real, foreign, random, at: Math.trunc(at / KINDS.length) })
      if (await accepts[kind](own.ctx, token)) which.push(`${kind} ${token}`)
    }
    return { tried: count, accepted: which.length, which: which.slice(0, 10) }
  } finally {
    await own.close()
    await other.close()
  }
}

type Sources = { readonly real: Tokens; readonly foreign: Tokens; readonly random: SeededRandom; readonly at: number }

function forge(kind: Kind, { real, foreign, random, at }: Sources): string {
  const token = real[kind]
  const place = random.below(token.length)
  const changed = token.slice(0, place) + another(token[place] ?? '', random) + token.slice(place + 1)
  switch (at % 8) {
    case 0:
      return made(token, random)
    case 1:
      return changed
    case 2:
      return token.slice(0, place)
    case 3:
      return token + (DIGITS[random.below(DIGITS.length)] ?? '0')
    case 4:
      return token.toUpperCase() === token ? changed : token.toUpperCase()
    case 5:
      // The same query of another tenant's table has the same rows, so that only its partition keeps the two apart.
      return kind === 'cursor' ? changed : foreign[kind]
    case 6:
      return real[KINDS[(KINDS.indexOf(kind) + 1 + random.below(KINDS.length - 1)) % KINDS.length] ?? 'key']
    default:
      return kind === 'confirmation' ? token : ` ${changed} `
  }
}

/** Of the same length, with the same prefix. */
function made(token: string, random: SeededRandom): string {
  const prefix = /^cvk_/.exec(token)?.[0] ?? ''
  const rest = Array.from({ length: token.length - prefix.length }, () => DIGITS[random.below(DIGITS.length)])
  return prefix + rest.join('')
}

function another(character: string, random: SeededRandom): string {
  const others = DIGITS.replace(character, '')
  return others[random.below(others.length)] ?? '0'
}

async function openTenant() {
  return createTestTenant({ adjust: (ctx) => ({ ...ctx, ids: createRandomIds(ctx.clock) }) })
}

async function tokensOf(tenant: Awaited<ReturnType<typeof openTenant>>): Promise<Tokens> {
  const { ctx } = tenant
  const one = await invited(tenant)
  await one.reply('google', counter(6))
  const pair = await ensureReplyAddress(ctx, { organizerAddress: ana, attendeeAddress: bob })
  const { secret } = await createApiKey(ctx, { label: 'forgery', scopes: ['events:read'] })
  await ctx.table.putMany(['a', 'b', 'c'].map((sk) => ({ pk: PAGED.pk, sk })))
  const link = await issueConfirmation(ctx, { mailId: 'mail_1', recipient: tenant.create, address: ana })
  return {
    key: secret,
    reply: pair.token,
    answer: answerIdOf(ctx, { eventId: one.eventId, invitationId: one.invitationId }, pair),
    unsubscribe: unsubscribeIdOf(ctx, pair),
    confirmation: lastOf(link),
    proposal: lastOf((await asked(tenant, one)).path),
    cursor: (await ctx.table.query(PAGED)).cursor ?? '',
  }
}

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** A named refusal is one; anything else thrown is a bug, and is not hidden. */
async function isTaken(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (isFailure(error)) return false
    throw error
  }
}
