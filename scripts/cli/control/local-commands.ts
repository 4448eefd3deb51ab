import * as z from 'zod'
import { DomainView } from '#shared/contracts/control-operations.ts'
import { CliFailure } from '../cli-failure.ts'
import type { ControlCommand } from '../command.ts'
import { DryRun } from '../control-plane.ts'

// What licensees do elsewhere, at their DNS provider and on Stripe's page: on one machine both are local.

const Url = z.object({ url: z.string() })

/** Pays on the local checkout page as a buyer would. */
export const licencePay: ControlCommand = {
  plane: 'control',
  noun: 'local',
  verb: 'pay',
  summary: 'Pay a licence on the local checkout page with a test card',
  positionals: ['LICENCE'],
  options: { card: { value: 'NUMBER', help: 'Test card (4242424242424242 when not given)' } },
  act: 'undoable',
  async run(control, { positionals: [licenceId = ''], options, flags }) {
    const card = options.card ?? '4242424242424242'
    const { url } = Url.parse(
      await control.api(`/licences/${encodeURIComponent(licenceId)}/checkout`, { method: 'POST' }),
    )
    assertLocal(url)
    if (flags.has('dry-run')) throw new DryRun({ method: 'POST', path: url })
    const answer = await postForm(
      url,
      Object.entries({
        number: card,
        expiry: '12/34',
        cvc: '123',
        name: 'Local Buyer',
        country: 'US',
        line1: '1 Main Street',
        postal_code: '94107',
        city: 'San Francisco',
        state: 'CA',
      }),
    )
    if (answer.status !== 303 && answer.status !== 302) {
      const words = /<p class="error" role="alert">([^<]*)</.exec(await answer.text())?.[1]
      throw CliFailure.refused(words ?? `The checkout page answered ${answer.status}`)
    }
    return { text: `Paid with ${card.slice(-4)}. The control plane hears of it by webhook.`, json: { url, paid: true } }
  },
}

/** Delegates a domain on the page of the local name servers. */
export const domainDelegate: ControlCommand = {
  plane: 'control',
  noun: 'local',
  verb: 'delegate',
  summary: 'Delegate a tenant’s domain on the page of the local name servers',
  positionals: ['TENANT'],
  options: { remove: { help: 'Take the delegation away' } },
  act: 'undoable',
  async run(control, { positionals: [tenantId = ''], flags }) {
    assertLocal(control.baseUrl)
    const path = `/tenants/${encodeURIComponent(tenantId)}/domain`
    const { domain_name, name_servers } = DomainView.parse(await control.api(path))
    const isRemoved = flags.has('remove')
    if (name_servers.length === 0 && !isRemoved)
      throw CliFailure.refused(
        'The domain has no name servers yet: npm run convoke -- tenant watch TENANT --until person',
      )
    const form: readonly (readonly [string, string])[] = [
      ['domainName', domain_name],
      ...(isRemoved ? [] : name_servers.map((name) => ['nameServer', name] as const)),
    ]
    const to = isRemoved ? '/dns/undelegate' : '/dns/delegate'
    if (flags.has('dry-run')) throw new DryRun({ method: 'POST', path: to, body: Object.fromEntries(form) })
    const answer = await postForm(`${control.baseUrl}${to}`, form)
    if (answer.status !== 303) throw CliFailure.refused(`The page of the name servers answered ${answer.status}`)
    const text = isRemoved
      ? `${domain_name} is delegated nowhere.`
      : `${domain_name} is delegated to ${name_servers.join(' ')}.`
    return { text, json: { domain_name, name_servers: isRemoved ? [] : name_servers } }
  },
}

function assertLocal(url: string): void {
  const { hostname } = new URL(url)
  if (hostname !== 'localhost' && hostname !== '127.0.0.1')
    throw CliFailure.refused(`${url} is not of this machine: a person has to go there.`)
}

/** As a browser sends a form of the page itself. */
async function postForm(url: string, fields: readonly (readonly [name: string, value: string])[]): Promise<Response> {
  const body = new URLSearchParams()
  for (const [name, value] of fields) body.append(name, value)
  try {
    return await fetch(url, { method: 'POST', body, redirect: 'manual', headers: { origin: new URL(url).origin } })
  } catch (cause) {
    throw CliFailure.not_running(`Nothing answers at ${new URL(url).origin}. Start it with: npm start`, { cause })
  }
}
