import type { Operation } from '#test/harness/openapi/document.ts'
import { type Asker, type TenantWorld, THINGS, type ThingName, type Things } from './tenant-world.ts'

export const PLACES = ['path', 'query', 'body', 'header'] as const
type Place = (typeof PLACES)[number]
export const WHERE = ['neighbour', 'elsewhere'] as const

type Built = { readonly path: string; readonly init: RequestInit }

/** One request for something foreign, and its twin for something that does not exist. */
export type Attempt = {
  readonly operation: Operation
  readonly asker: Asker
  readonly thing: ThingName
  readonly where: (typeof WHERE)[number]
  readonly place: Place
  readonly foreign: Built
  readonly twin: Built
}

/** Operation × asker × thing × whose × place: each a distinct request. */
export function* attemptsOf(world: TenantWorld, operation: Operation, askers = world.askers): Generator<Attempt> {
  const isRead = operation.method === 'GET'
  for (const asker of askers)
    for (const where of WHERE)
      for (const place of PLACES)
        for (const thing of THINGS) {
          if (place === 'path' && !operation.path.includes(`{${thing}}`)) continue
          if (place === 'body' && operation.requestBody === undefined) continue
          // What one may do with what is one's own changes it each time: enough to have tried it with one name in each place.
          if (place !== 'path' && !isRead && thing !== 'eventId' && !(thing === 'email' && place === 'body')) continue
          const name = world.foreign[where][thing]
          const of = { operation, asker, thing, place }
          yield {
            ...of,
            where,
            foreign: build(world.own, { ...of, name }),
            twin: build(world.own, { ...of, name: nowhere(name) }),
          }
        }
}

/** A name of the same shape that nothing has. */
function nowhere(like: string): string {
  if (like.includes('@')) return `nowhere-7f3a@${like.slice(like.indexOf('@') + 1)}`
  return `${like.slice(0, like.indexOf('_') + 1)}${'9'.repeat(like.length - like.indexOf('_') - 1)}`
}

type Wanted = Pick<Attempt, 'operation' | 'asker' | 'thing' | 'place'> & { readonly name: string }

function build(own: Things, { operation, asker, thing, place, name }: Wanted): Built {
  const snake = thing.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const filled = THINGS.reduce(
    (path, one) => path.replace(`{${one}}`, encodeURIComponent(place === 'path' && one === thing ? name : own[one])),
    operation.path,
  )
  const [type, body] = bodyOf(operation, place === 'body' ? { [thing === 'email' ? 'organizer' : snake]: name } : {})
  const isWrite = operation.method !== 'GET'
  return {
    path: `${filled}${place === 'query' ? `?${thing === 'email' ? 'organizer' : snake}=${encodeURIComponent(name)}` : ''}`,
    init: {
      method: operation.method,
      headers: {
        ...asker.headers,
        ...(isWrite
          ? { origin: asker.isForeignPage === true ? 'https://evil.example.com' : `https://${asker.headers.host}` }
          : {}),
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(place === 'header' ? { [`x-${snake.replaceAll('_', '-')}`]: name, 'x-convoke-organizer': name } : {}),
      },
      ...(body === undefined ? {} : { body }),
    },
  }
}

/** The operation's own example, with what is put into it. */
function bodyOf({ requestBody }: Operation, more: Readonly<Record<string, string>>): readonly [string?, string?] {
  const [[type, media] = []] = Object.entries(requestBody?.content ?? {}).filter(
    ([name]) => name !== 'multipart/form-data',
  )
  if (type === undefined) return []
  const said = media?.example
  return [type, typeof said === 'string' ? said : JSON.stringify({ ...Object(said), ...more })]
}
