import { createServer } from 'node:http'
import { request } from 'node:https'
import { createHttpProbes } from '#control-plane/cloud/http-probes.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { listenLocally } from '#test/harness/aws/listen-locally.ts'
import type { LocalDns } from '../dns/local-dns.ts'

/**
 * The engine's own look at a tenant's API, by its public name: the name must lead somewhere by DNS, and is then asked of API Gateway of the
 * emulator, which tells custom domains by the host header that `fetch` does not let one choose.
 */
export async function openGateway(
  endpoint: string,
  { lookups, zone }: LocalDns,
): Promise<{ readonly probes: ProvisioningCtx['probes']; readonly close: () => Promise<void> }> {
  const server = createServer((incoming, answer) => {
    const [, host = '', ...rest] = (incoming.url ?? '').split('/')
    const onward = request(new URL(`/${rest.join('/')}`, endpoint), {
      headers: { host },
      // Its certificate is trusted, and names this machine alone.
      checkServerIdentity: () => undefined,
    })
    onward.on('response', (back) => {
      answer.writeHead(back.statusCode ?? 502, back.headers)
      back.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    onward.end()
  })
  const local = await listenLocally(server)
  return {
    probes: {
      async answers(url) {
        const { hostname: name, pathname } = new URL(url)
        const seen = await lookups.ask(zone.resolver, { name, type: 'A' }, { isRecursive: true })
        if (seen.kind !== 'answered' || seen.answers.length === 0) return 'silent'
        return createHttpProbes().answers(`${local.endpoint}/${name}${pathname}`)
      },
    },
    close: local.close,
  }
}
