import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { type ProductProcess, runAsProcess } from '#tenant-stack/embedded/run-as-process.ts'

export type SentByClient = {
  readonly raw: string | Uint8Array
  readonly to: string | readonly string[]
  readonly from?: string
}

export type OutboxEntry = {
  readonly mailerMessageId: string
  readonly kind: string
  readonly subject: string
  readonly to: string
}

/** The real product as its users meet it: SMTP, HTTP, kill -9. */
export type TestProduct = ProductProcess & {
  /** Hands a mail to the SMTP door; the server's answer. Rejects with nodemailer's error (`responseCode`). */
  sendMail(mail: SentByClient): Promise<string>
  /** An HTTP request to the product's one port. */
  page(path: string, init?: RequestInit): Promise<Response>
  /** A call of the API with the demo key; `path` begins behind /v1. */
  api(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: unknown }>
  /** The newest page of the outbox. */
  outbox(): Promise<readonly OutboxEntry[]>
  /** Looks at the outbox until a mail of it fits; its source. Gives up after 15 s. */
  waitForOutbox(fits: (entry: OutboxEntry) => boolean): Promise<OutboxEntry & { readonly raw: string }>
  /** Ends it if it still runs, and removes a data folder that was made for it. */
  [Symbol.asyncDispose](): Promise<void>
}

const looks = 300
const betweenLooksMilliseconds = 50

/** Starts the product on free ports, with a new data folder unless one is given. */
export async function startProduct(
  options: { readonly data?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<TestProduct> {
  const dataFolder = options.data ?? (await mkdtemp(join(tmpdir(), 'convoke-product-')))
  const product = await runAsProcess({ dataFolder, ...(options.env === undefined ? {} : { env: options.env }) })
  let isGone = false
  const page = async (path: string, init?: RequestInit) => fetch(`${(await product.running()).baseUrl}${path}`, init)

  async function outbox(): Promise<readonly OutboxEntry[]> {
    return entriesOf(await (await page('/outbox')).text())
  }

  return {
    ...product,
    page,
    outbox,
    async killAll() {
      isGone = true
      await product.killAll()
    },
    async killSupervisor() {
      isGone = true
      await product.killSupervisor()
    },
    async stop() {
      isGone = true
      return product.stop()
    },
    async sendMail({ raw, to, from = 'ana.diaz@example.com' }) {
      const { smtpHost, smtpPort } = await product.running()
      const transport = createTransport({ host: smtpHost, port: smtpPort, secure: false, ignoreTLS: true })
      try {
        const sent = await transport.sendMail({
          envelope: { from, to: typeof to === 'string' ? to : [...to] },
          raw: typeof raw === 'string' ? raw : Buffer.from(raw),
        })
        return sent.response
      } finally {
        transport.close()
      }
    },
    async api(path, init = {}) {
      const key = (await readFile(join(dataFolder, 'demo-api-key.txt'), 'utf8')).trim()
      const headers = new Headers(init.headers)
      // A form names its own boundary.
      if (!(init.body instanceof FormData)) headers.set('content-type', 'application/json')
      headers.set('authorization', `Bearer ${key}`)
      const response = await page(`/v1${path}`, { ...init, headers })
      return { status: response.status, body: await response.json() }
    },
    async waitForOutbox(fits) {
      for (let look = 0; look < looks; look++) {
        const found = (await outbox()).find(fits)
        if (found !== undefined) {
          return { ...found, raw: await (await page(`/outbox/${found.mailerMessageId}/mail.eml`)).text() }
        }
        await new Promise((resolve) => setTimeout(resolve, betweenLooksMilliseconds))
      }
      throw new Error(`no such mail came: ${JSON.stringify(await outbox())}\n${product.output()}`)
    },
    async [Symbol.asyncDispose]() {
      if (!isGone) await product.stop()
      if (options.data === undefined) await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

const row =
  /<a class="row" href="(?:\/t\/\w+)?\/outbox\/([^"]+)">\s*<span class="badge[^"]*">([^<]*)<\/span><span class="what">([^<]*)<\/span>[\s\S]*?<span class="more">to ([^<]*)<\/span>/g

/** The mails that a page of an outbox shows. */
export function entriesOf(page: string): readonly OutboxEntry[] {
  return [...page.matchAll(row)].map(([, mailerMessageId = '', kind = '', subject = '', to = '']) => ({
    mailerMessageId,
    kind,
    subject,
    to,
  }))
}
