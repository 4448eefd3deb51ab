import type * as z from 'zod'
import { EventView, pageOf } from '#shared/contracts/api.ts'
import { RecountView } from '#shared/contracts/statistics-api.ts'
import type { Answer, Asked, TenantCommand } from './command.ts'
import type { Product } from './product.ts'

type Recounted = z.infer<typeof RecountView>
type Named = Recounted & { readonly name: string }

const options = {
  repair: { help: 'Add what the rows have more to the counters; running work is not disturbed' },
} as const

const eventRecount: TenantCommand = {
  noun: 'event',
  verb: 'recount',
  summary: 'Count an event’s invitations row by row and compare with its counters',
  positionals: ['EVENT_ID'],
  options,
  async run(product, { positionals: [eventId = ''], flags }) {
    return answerOf([await recount(product, eventId, `/events/${encodeURIComponent(eventId)}/recount`, flags)])
  },
}

const organizerRecount: TenantCommand = {
  noun: 'organizer',
  verb: 'recount',
  summary: 'The same for every event of an organizer, and for his totals',
  positionals: ['ADDRESS'],
  options,
  async run(product, { positionals: [email = ''], flags }) {
    const path = `/organizers/${encodeURIComponent(email)}`
    const events = await recountEvents(product, `${path}/events`, flags)
    return answerOf([...events, await recount(product, email, `${path}/recount`, flags)])
  },
}

const domainRecount: TenantCommand = {
  noun: 'domain',
  verb: 'recount',
  summary: 'The same for every event of the domain, and for its totals',
  positionals: [],
  options,
  async run(product, { flags }) {
    const events = await recountEvents(product, '/events', flags)
    return answerOf([...events, await recount(product, 'the domain', '/recount', flags)])
  },
}

/** One after the other; what is made meanwhile is newer than the first and is not missed by whoever counts again. */
async function recountEvents(product: Product, path: string, flags: Asked['flags']): Promise<readonly Named[]> {
  const recounted: Named[] = []
  let after: string | undefined
  do {
    const query = new URLSearchParams({ limit: '50', ...(after === undefined ? {} : { after }) })
    const page = pageOf(EventView).parse(await product.api(`${path}?${query}`))
    for (const { id } of page.data) recounted.push(await recount(product, id, `/events/${id}/recount`, flags))
    after = page.next_cursor
  } while (after !== undefined)
  return recounted
}

/** Asks until all rows are counted. */
async function recount(product: Product, name: string, path: string, flags: Asked['flags']): Promise<Named> {
  for (;;) {
    const body = { repair: flags.has('repair') }
    const recounted = RecountView.parse(await product.api(path, { method: 'POST', body }))
    if (recounted.state !== 'counting') return { name, ...recounted }
  }
}

function answerOf(recounted: readonly Named[]): Answer {
  const rows = recounted.reduce((sum, one) => sum + one.rows, 0)
  const told = recounted.filter(({ state }) => state !== 'equal')
  const text = told.flatMap(({ name, state, differences }) => [
    `${name}: ${wordsOf[state]}`,
    ...differences.map((one) => `  ${one.name}: counted ${one.counted}, in rows ${one.rows}`),
  ])
  return {
    text: text.length === 0 ? `Equal: ${recounted.length} counted, ${rows} rows.` : text.join('\n'),
    json: recounted,
  }
}

const wordsOf: Readonly<Record<Recounted['state'], string>> = {
  equal: 'equal',
  different: 'different (--repair mends it)',
  repaired: 'was different, and is mended',
  busy: 'is being written to at this moment; count it again later',
  counting: 'not finished',
}

/** Whether what was counted is so. */
export const recountCommands: readonly TenantCommand[] = [eventRecount, organizerRecount, domainRecount]
