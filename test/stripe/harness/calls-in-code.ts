import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Stripe from 'stripe'
import ts from 'typescript'
import { templateOf } from './record-calls.ts'

const BILLING = join(import.meta.dirname, '..', '..', '..', 'control-plane', 'billing')
const ANY_ID = 'obj_0000000000'

/** Every call of the stripe package in billing's own code, as `customers.create`; signatures are checked without a request. */
export function callsInCode(): readonly string[] {
  const files = readdirSync(BILLING, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map(({ name }) => readFileSync(join(BILLING, name), 'utf8'))
  return [...new Set(files.flatMap(callsIn))].filter((call) => !call.startsWith('webhooks.')).toSorted()
}

/** Calls of whatever is named `stripe`, however the chain is broken over lines. */
export function callsIn(text: string): readonly string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const names = chainOf(node.expression)
      const at = names.lastIndexOf('stripe')
      if (at !== -1 && names.length > at + 2) found.push(names.slice(at + 1).join('.'))
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('billing.ts', text, ts.ScriptTarget.ESNext, true))
  return found
}

function chainOf(node: ts.Expression): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text]
  return ts.isPropertyAccessExpression(node) ? [...chainOf(node.expression), node.name.text] : []
}

/** The method and path that such a call asks for, found by making it against a client that asks nobody. */
export async function requestOf(call: string): Promise<string> {
  const asked: string[] = []
  const noNetwork: typeof fetch = async (input, init) => {
    const { method, url } = new Request(input, init)
    asked.push(templateOf(method, decodeURIComponent(new URL(url).pathname)))
    return Response.json({ object: 'list', data: [], has_more: false })
  }
  const client = new Stripe('sk_test_1', { httpClient: Stripe.createFetchHttpClient(noNetwork), maxNetworkRetries: 0 })
  const names = call.split('.')
  const owner = names.slice(0, -1).reduce<unknown>((part, name) => memberOf(part, name), client)
  const verb = memberOf(owner, names.at(-1) ?? '')
  if (typeof verb !== 'function') throw new Error(`the stripe package has no ${call}`)
  for (const args of [[{}], [ANY_ID], [ANY_ID, ANY_ID]]) {
    // What is refused before anything is asked had the wrong arguments; the next ones are tried.
    await Promise.resolve(args)
      .then((given) => Reflect.apply(verb, owner, given))
      .catch(() => undefined)
    const request = asked.find((one) => !one.includes('[object'))
    if (request !== undefined) return request
  }
  throw new Error(`no arguments make ${call} ask for anything`)
}

function memberOf(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined
}
