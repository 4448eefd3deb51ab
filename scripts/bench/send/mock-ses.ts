import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import * as z from 'zod'

const SendBody = z.object({
  Content: z.object({ Raw: z.object({ Data: z.string() }) }),
  Destination: z.object({ ToAddresses: z.array(z.string()) }),
})

export type MockSes = {
  /** What a process needs to reach it as SES, over TLS. */
  readonly env: Readonly<Record<string, string>>
  readonly taken: () => number
  /** The mails taken since this was asked last, by recipient; kept only while `isKeeping`. */
  readonly keep: (isKeeping: boolean) => ReadonlyMap<string, Buffer>
  readonly close: () => Promise<void>
}

/** SESv2's SendEmail over TLS on this machine: reads each call whole, answers with a message id. The certificate is made by openssl. */
export async function startMockSes(): Promise<MockSes> {
  const folder = await mkdtemp(join(tmpdir(), 'convoke-mock-ses-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert]
  const named = ['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  await promisify(execFile)('openssl', ['req', '-x509', ...made, ...named])
  let mails = new Map<string, Buffer>()
  let isKept = false
  let count = 0
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (incoming, answer) => {
    void buffer(incoming).then((bytes) => {
      count += 1
      if (isKept) {
        const body = SendBody.parse(JSON.parse(bytes.toString()))
        mails.set(body.Destination.ToAddresses[0] ?? '', Buffer.from(body.Content.Raw.Data, 'base64'))
      }
      const isSigned = incoming.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') === true
      answer.writeHead(isSigned ? 200 : 403, { 'content-type': 'application/json' })
      answer.end(JSON.stringify({ MessageId: `mock-${count}` }))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    env: {
      AWS_ENDPOINT_URL_SESV2: `https://localhost:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      NODE_EXTRA_CA_CERTS: cert,
    },
    taken: () => count,
    keep(isKeeping) {
      const found = mails
      mails = new Map()
      isKept = isKeeping
      return found
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
      await rm(folder, { recursive: true, force: true })
    },
  }
}
