import type { ObjectOf } from '../state/objects.ts'
import type { Money } from './money-context.ts'

/** Nobody can pay by this session any more. */
export function expireSession({ unit }: Money, session: ObjectOf<'checkout.session'>): ObjectOf<'checkout.session'> {
  const expired: ObjectOf<'checkout.session'> = { ...session, status: 'expired', url: null }
  unit.put('checkout.session', expired)
  unit.tell('checkout.session.expired', expired)
  return expired
}
