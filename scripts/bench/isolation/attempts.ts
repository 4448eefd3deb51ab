import { BENCH_ORIGIN } from './bench-plane.ts'
import type { Operation } from './described.ts'
import { type Asker, THING_KINDS, type ThingKind, type Things, type World } from './world.ts'

export const PLACES = ['path', 'query', 'body', 'header'] as const
export type Place = (typeof PLACES)[number]

/** One request for something foreign, and its twin for something that does not exist. */
export type Attempt = {
  readonly operation: Operation
  readonly asker: Asker
  readonly kind: ThingKind
  readonly place: Place
  readonly foreign: Built
  readonly twin: Built
}

type Built = { readonly path: string; readonly init: RequestInit }

/** A name of the same shape that nothing has. */
export function nowhere(kind: ThingKind, like: string): string {
  if (kind === 'domain') return 'nowhere-7f3a.example.com'
  return `${like.slice(0, like.indexOf('_') + 1)}${'9'.repeat(like.length - like.indexOf('_') - 1)}`
}

/** Operation × asker × kind of thing × place: each a distinct request. */
export function* attemptsOf(world: World, operation: Operation, askers = world.askers): Generator<Attempt> {
  for (const asker of askers)
    for (const kind of THING_KINDS)
      for (const place of PLACES) {
        if (place === 'path' && operation.parameters.length === 0) continue
        if (place === 'body' && !operation.takesBody) continue
        const name = world.foreign[kind]
        yield {
          operation,
          asker,
          kind,
          place,
          foreign: build(world.own, { operation, asker, kind, place, name }),
          twin: build(world.own, { operation, asker, kind, place, name: nowhere(kind, name) }),
        }
      }
}

type Wanted = Pick<Attempt, 'operation' | 'asker' | 'kind' | 'place'> & { readonly name: string }

function build(own: Things, { operation, asker, kind, place, name }: Wanted): Built {
  const query = place === 'query' ? `?${kind}_id=${encodeURIComponent(name)}` : ''
  const path = pathOf(own, operation, place === 'path' ? { kind, name } : undefined)
  const sample = operation.expected.body ?? {}
  const body = place === 'body' ? { ...sample, [`${kind}_id`]: name } : sample
  const isWrite = operation.method !== 'GET'
  return {
    path: `${operation.isPage === true ? '' : '/v1'}${path}${query}`,
    init: {
      method: operation.method,
      headers: {
        ...asker.headers,
        ...(isWrite ? { origin: asker.isForeignPage === true ? 'https://evil.example.com' : BENCH_ORIGIN } : {}),
        ...(operation.takesBody ? { 'content-type': 'application/json' } : {}),
        ...(place === 'header' ? { [`x-${kind}-id`]: name, [`x-convoke-${kind}`]: name } : {}),
      },
      ...(operation.takesBody ? { body: JSON.stringify(body) } : {}),
    },
  }
}

/** Own things where the path wants some, and the foreign one in its own place; where it has none, in the first. */
function pathOf(
  own: Things,
  { path, parameters }: Operation,
  put?: { readonly kind: ThingKind; readonly name: string },
): string {
  const place = parameters.find((parameter) => kindOf(parameter) === put?.kind) ?? parameters[0]
  return parameters.reduce((built, parameter) => {
    const kind = kindOf(parameter)
    const value = put !== undefined && parameter === place ? put.name : kind === undefined ? '1.0.0' : own[kind]
    return built.replace(`{${parameter}}`, encodeURIComponent(value))
  }, path)
}

function kindOf(parameter: string): ThingKind | undefined {
  return THING_KINDS.find((kind) => parameter === `${kind}Id`)
}
