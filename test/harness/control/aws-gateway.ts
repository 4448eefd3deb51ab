import { createServer } from 'node:http'
import { request } from 'node:https'
import { APIGatewayClient, GetBasePathMappingsCommand } from '@aws-sdk/client-api-gateway'
import { createHttpProbes } from '#control-plane/cloud/http-probes.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { listenLocally } from '#test/harness/aws/listen-locally.ts'
import { TEST_REGION } from '#test/harness/emulator/sdk-environment.ts'
import type { LocalDns } from '../dns/local-dns.ts'
import { asRoot } from './aws-organization.ts'

/**
 * The engine's own look at a tenant's API by its public name: the name must lead somewhere by DNS, and is then asked of the API and stage
 * that the tenant's custom domain maps to. The emulator (1.5.33) does not do that by itself for a wildcard, nor outside its first account.
 */
export async function openGateway(
  endpoint: string,
  { lookups, zone }: LocalDns,
  accountOf: (domainName: string) => string | undefined,
): Promise<{ readonly probes: ProvisioningCtx['probes']; readonly close: () => Promise<void> }> {
  const local = await openForwarder(endpoint)

  async function stageOf(awsAccountId: string, wildcardName: string): Promise<string | undefined> {
    const client = new APIGatewayClient(asRoot(endpoint, awsAccountId))
    try {
      const { items = [] } = await client.send(new GetBasePathMappingsCommand({ domainName: wildcardName }))
      const [mapping] = items
      return mapping && `restapis/${mapping.restApiId}/${mapping.stage}/_user_request_`
    } finally {
      client.destroy()
    }
  }

  return {
    probes: {
      async answers(url) {
        const { protocol, hostname: name, pathname } = new URL(url)
        const seen = await lookups.ask(zone.resolver, { name, type: 'A' }, { isRecursive: true })
        const domainName = name.split('.').slice(1).join('.')
        const awsAccountId = accountOf(domainName)
        const isSeen = protocol === 'https:' && seen.kind === 'answered' && seen.answers.length > 0
        if (!isSeen || awsAccountId === undefined) return 'silent'
        const stage = await stageOf(awsAccountId, `*.${domainName}`)
        return stage === undefined
          ? 'silent'
          : createHttpProbes({ allowsPlain: true }).answers(
              `${local.endpoint}/${awsAccountId}/${name}/${stage}${pathname}`,
            )
      },
    },
    close: local.close,
  }
}

/** Asks API Gateway for `/<account>/<host>/…` under that host, which `fetch` lets nobody choose, with a credential that names the account. */
function openForwarder(endpoint: string) {
  const server = createServer((incoming, answer) => {
    const [, awsAccountId, host, ...path] = (incoming.url ?? '').split('/')
    const credential = `${awsAccountId}/20260302/${TEST_REGION}/execute-api/aws4_request`
    const onward = request(new URL(`/${path.join('/')}`, endpoint), {
      headers: {
        host,
        accept: incoming.headers.accept ?? '*/*',
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      },
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
  return listenLocally(server)
}
