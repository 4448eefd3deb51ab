import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { html } from 'hono/html'
import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import { RECORD_TYPES } from '../lookups.ts'
import type { LocalZone } from './local-zone.ts'
import { layout, PAGE_HEADERS, STYLE } from './page-layout.ts'
import { delegationSection, zonesSection } from './zone-sections.ts'

const BODY_BYTES_MAX = 16 * 1024
const NAME_SERVERS_MAX = 13

const ZoneForm = z.object({ zoneName: z.string() })
const RecordForm = z.object({
  zoneName: z.string(),
  name: z.string(),
  type: z.enum(RECORD_TYPES),
  ttlSeconds: z.coerce.number(),
  value: z.string(),
})
const DomainForm = z.object({ domainName: z.string().min(1) })
const DelegationForm = DomainForm.extend({ nameServer: z.array(z.string()).min(1).max(NAME_SERVERS_MAX) })

/** Notices by name, so that a link cannot put words of its own on the page. */
const DONE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    delegated: 'The domain is delegated. The checker sees it at its next look.',
    undelegated: 'The delegation is taken away.',
    zone_added: 'The zone is there.',
    zone_removed: 'The zone is removed, with its records.',
    record_added: 'The record is there.',
    record_removed: 'The record is removed.',
  }),
)

/**
 * The page where a licensee of the embedded runtime "delegates" a domain; works without JavaScript. `basePath` is where it is mounted. It has no
 * sign-in: whoever serves it lets this machine alone come here (as the other local pages).
 */
export function createDnsPage(options: {
  readonly localZone: Pick<LocalZone, 'store' | 'hostedZones'>
  readonly basePath: string
}): Hono {
  const { localZone, basePath } = options
  const { store } = localZone
  const app = new Hono()

  async function show(
    c: Context,
    notice?: { readonly tone: 'good' | 'bad'; readonly text: string },
    status: 200 | 422 = 200,
  ) {
    const [zones, hosted] = await Promise.all([store.listZones(), localZone.hostedZones()])
    const main = html`${delegationSection(hosted, zones, basePath)}${zonesSection(zones, basePath)}`
    return c.html(
      layout({ title: 'DNS of this machine', basePath, main, ...(notice === undefined ? {} : { notice }) }),
      status,
    )
  }

  /** A form: reads it, changes, and shows the page anew by GET, so that reloading changes nothing; what cannot be is said on the page. */
  function form<T>(path: string, schema: z.ZodType<T>, done: string, change: (fields: T) => Promise<unknown>): void {
    app.post(path, async (c) => {
      const fields = schema.safeParse(await fieldsOf(c))
      if (!fields.success) return show(c, { tone: 'bad', text: 'The form is not complete.' }, 422)
      try {
        await change(fields.data)
      } catch (error) {
        if (!isFailure(error) || error.retry) throw error
        return show(c, { tone: 'bad', text: `Not done: ${error.message}.` }, 422)
      }
      return c.redirect(`${basePath}?done=${done}`, 303)
    })
  }

  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value)
  })
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX }))
  app.use(async (c, next) => {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (!isRead && !isOwnForm(c)) return c.text('This form was sent from elsewhere', 403)
    return next()
  })

  app.get('/', (c) => {
    const text = DONE.get(c.req.query('done') ?? '')
    return text === undefined ? show(c) : show(c, { tone: 'good', text })
  })
  app.get('/style.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }))
  form('/delegate', DelegationForm, 'delegated', ({ domainName, nameServer }) =>
    store.delegate({ domainName, nameServers: nameServer }),
  )
  form('/undelegate', DomainForm, 'undelegated', ({ domainName }) => store.delegate({ domainName, nameServers: [] }))
  form('/zones', ZoneForm, 'zone_added', ({ zoneName }) => store.addZone(zoneName))
  form('/zones/remove', ZoneForm, 'zone_removed', ({ zoneName }) => store.removeZone(zoneName))
  form('/records', RecordForm, 'record_added', ({ zoneName, ...record }) => store.addRecord(zoneName, record))
  form('/records/remove', RecordForm, 'record_removed', ({ zoneName, ...record }) =>
    store.removeRecord(zoneName, record),
  )
  return app
}

/** Browsers name the origin of every POST; one that names none is no browser's form, and one that names another is a stranger's. */
function isOwnForm(c: Context): boolean {
  const origin = c.req.header('origin')
  const host = c.req.header('host') ?? new URL(c.req.url).host
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin') return false
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
}

async function fieldsOf(c: Context): Promise<Readonly<Record<string, unknown>>> {
  const body = await c.req.parseBody({ all: true })
  const { nameServer } = body
  return typeof nameServer === 'string' ? { ...body, nameServer: [nameServer] } : body
}
