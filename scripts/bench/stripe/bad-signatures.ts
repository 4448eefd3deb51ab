import { openStripe } from '#control-plane/billing/open-stripe.ts'
import { receiveStripeEvent } from '#control-plane/billing/receive-stripe-event.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { openBenchPlane, WEBHOOK_SECRET } from './bench-plane.ts'
import { seeded } from './orders.ts'

export type SignaturesRun = { readonly tried: number; readonly accepted: number }

const EVENT = {
  id: 'evt_forged',
  object: 'event',
  type: 'invoice.paid',
  created: 1_772_442_000,
  livemode: false,
  data: { object: { id: 'in_1', object: 'invoice', customer: 'cus_1' } },
}

/** Sends events with signatures that do not fit, of every kind that could be mistaken for one; counts those that were let in. */
export async function tryBadSignatures(count: number): Promise<SignaturesRun> {
  const plane = openBenchPlane()
  const stripe = openStripe({ secretKey: 'sk_test_bench', answer: () => Promise.reject(new Error('nobody may ask')) })
  const ctx = plane.ctxOf({ table: plane.tableOf('control'), stripe })
  const random = seeded(7)
  const now = Math.trunc(plane.clock.now() / 1000)
  const sign = (payload: string, secret = WEBHOOK_SECRET, timestamp = now) =>
    stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
  let accepted = 0
  for (let tried = 0; tried < count; tried += 1) {
    const rawBody = JSON.stringify({ ...EVENT, id: `evt_${tried}` })
    const good = sign(rawBody)
    const forgeries = [
      () => ({ rawBody, signature: sign(rawBody, `whsec_${random()}`) }),
      () => ({ rawBody, signature: flipped(good, random) }),
      () => ({ rawBody: rawBody.replace('cus_1', `cus_${Math.trunc(random() * 1e9)}`), signature: good }),
      () => ({ rawBody: `${rawBody} `, signature: good }),
      () => ({ rawBody, signature: sign(rawBody, WEBHOOK_SECRET, now - 301 - Math.trunc(random() * 1e6)) }),
      () => ({ rawBody, signature: good.replace('v1=', 'v0=') }),
      () => ({ rawBody, signature: good.replace(/t=\d+/, `t=${now + 1 + Math.trunc(random() * 100)}`) }),
      () => ({ rawBody, signature: good.replace(/,v1=.*/, '') }),
      () => ({ rawBody, signature: good.slice(0, -1 - Math.trunc(random() * 60)) }),
      () => ({ rawBody, signature: ['', 't=,v1=', 'v1=', `t=${now},v1=`, '{}', `t=${now}`][tried % 6] ?? '' }),
    ]
    const forged = forgeries[tried % forgeries.length]?.()
    if (forged === undefined) throw new Error('there is no such forgery')
    try {
      await receiveStripeEvent(ctx, forged)
      accepted += 1
    } catch (error) {
      if (!isFailure(error, 'billing.bad_signature')) throw error
    }
  }
  // What is right must be let in, or the count above proves nothing.
  const rawBody = JSON.stringify(EVENT)
  if ((await receiveStripeEvent(ctx, { rawBody, signature: sign(rawBody) })) !== 'taken')
    throw new Error('a good signature was not taken')
  await plane.close()
  return { tried: count, accepted }
}

/** One hex digit of the signature is another. */
function flipped(signature: string, random: () => number): string {
  const at = signature.length - 1 - Math.trunc(random() * 64)
  return `${signature.slice(0, at)}${signature[at] === '0' ? '1' : '0'}${signature.slice(at + 1)}`
}
