import { type Form, type FormValue, parseForm } from '#control-plane/billing/embedded/wire/form.ts'

/** A request as it went over the wire, and what the double answered. */
export type Call = {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body: string
  readonly status: number
  readonly answer: unknown
}

export type Recorder = { readonly fetch: typeof fetch; readonly calls: readonly Call[] }

/** Passes requests on and keeps them with their answers. */
export function recordCalls(send: (request: Request) => Promise<Response>): Recorder {
  const calls: Call[] = []
  return {
    calls,
    async fetch(input, init) {
      const request = new Request(input, init)
      const { method, url } = request
      const body = await request.clone().text()
      const answer = await send(request)
      const { pathname, search } = new URL(url)
      calls.push({ method, path: pathname + search, body, status: answer.status, answer: await answer.clone().json() })
      return answer
    },
  }
}

/** Ids of objects have a digit; the words of paths do not. */
const OBJECT_ID = /^[a-z]+(_test)?_(?=\w*\d)\w{10,}$/

/** What makes two requests the same to an API: method, path without ids, names of the parameters. */
export function shapeOf({ method, path, body }: Pick<Call, 'method' | 'path' | 'body'>): string {
  const [pathname = '', query = ''] = path.split('?')
  return `${templateOf(method, pathname)} ${namesOf(parseForm(method === 'GET' ? query : body)).join(' ')}`.trim()
}

export function templateOf(method: string, pathname: string): string {
  const words = pathname.split('/').map((word) => (OBJECT_ID.test(word) ? '{}' : word))
  return `${method} ${words.join('/')}`
}

function namesOf(form: Form, prefix = ''): readonly string[] {
  return Object.entries(form)
    .flatMap(([name, value]) => namesIn(value, prefix === '' ? name : `${prefix}[${name}]`))
    .toSorted()
}

function namesIn(value: FormValue, name: string): readonly string[] {
  if (typeof value === 'string') return [name]
  if (Array.isArray(value)) return [...new Set(value.flatMap((one: FormValue) => namesIn(one, `${name}[]`)))]
  return 'metadata' === name.replace(/^.*\[|\]$/g, '') ? [`${name}{}`] : namesOf(asForm(value), name)
}

function asForm(value: FormValue): Form {
  return typeof value === 'string' || Array.isArray(value) ? {} : Object.fromEntries(Object.entries(value))
}
