import * as z from 'zod'
import { isActive } from '../money/tax.ts'
import type { ObjectOf } from '../state/objects.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { paging, text, whole } from '../wire/params.ts'
import { route } from '../wire/route.ts'

const moment = z.union([z.literal('now'), whole])

export const tax = [
  route('GET', '/v1/tax/settings', {}, async () => ({
    object: 'tax.settings',
    defaults: { provider: 'stripe', tax_behavior: 'exclusive', tax_code: 'txcd_10103001' },
    head_office: {
      address: { city: null, country: 'US', line1: null, line2: null, postal_code: '94111', state: 'CA' },
    },
    livemode: false,
    status: 'active',
    status_details: { active: {} },
  })),
  route(
    'POST',
    '/v1/tax/registrations',
    {
      country: text,
      active_from: moment,
      country_options: z.record(z.string(), z.unknown()),
      expires_at: whole.exactOptional(),
    },
    async ({ unit }, input) => {
      const activeFrom = input.active_from === 'now' ? unit.now() : input.active_from
      const registration: ObjectOf<'tax.registration'> = {
        id: unit.mint('tax.registration'),
        object: 'tax.registration',
        active_from: activeFrom,
        country: input.country.toUpperCase(),
        country_options: { [input.country.toLowerCase()]: { type: 'standard' } },
        created: unit.now(),
        expires_at: input.expires_at ?? null,
        livemode: false,
        status: activeFrom <= unit.now() ? 'active' : 'scheduled',
      }
      unit.put('tax.registration', registration)
      return registration
    },
  ),
  route(
    'GET',
    '/v1/tax/registrations',
    { ...paging, status: z.enum(['active', 'all', 'expired', 'scheduled']).exactOptional() },
    async ({ unit }, { status = 'all', ...page }) => {
      const now = unit.now()
      const list = await listAnswer(unit, 'tax.registration', page, undefined, (one) =>
        status === 'all' ? true : statusOf(one, now) === status,
      )
      return { ...list, data: list.data.map((one) => ({ ...one, status: statusOf(one, now) })) }
    },
  ),
]

function statusOf(registration: ObjectOf<'tax.registration'>, now: number): 'active' | 'expired' | 'scheduled' {
  if (isActive(registration, now)) return 'active'
  return registration.active_from > now ? 'scheduled' : 'expired'
}
