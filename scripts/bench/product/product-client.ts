import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import { runningFileName } from '#shared/contracts/embedded-running.ts'
import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import { demoKeyFileName } from '#tenant-stack/embedded/demo-key-file.ts'
import { readRunning } from '#tenant-stack/embedded/running-file.ts'

/** A client that outlives the product: it knocks again until it is answered, as a mail server or a careful caller does. */
export type ProductClient = {
  /** Sends until 250; the answer and how often it took. A 5xx is thrown: it was never accepted. */
  send(mail: ClientMail): Promise<{ readonly answer: string; readonly attempts: number }>
  /** Calls the API until it answers with something other than a broken connection, 409, 429 or 5xx. */
  api(
    path: string,
    init?: { readonly method: 'POST'; readonly idempotencyKey: string; readonly body: unknown },
  ): Promise<unknown>
  /** A page of the product, asked for until it is answered. */
  page(path: string): Promise<string>
}

export type ClientMail = { readonly raw: string; readonly from: string; readonly to: string }

/** A definite no: asking again would not change it. */
const ClientFailure = defineFailures('client', { refused: { status: 422, retry: false } })

const againMilliseconds = 40
const answerMilliseconds = 20_000
/** A product that does not answer for so long is stuck, not restarting. */
const giveUpMilliseconds = 120_000

export function createProductClient(dataFolder: string): ProductClient {
  async function where() {
    const running = await readRunning(join(dataFolder, runningFileName))
    if (running === undefined) throw new Error('the product is not open now')
    return running
  }

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const { baseUrl } = await where()
    return fetch(`${baseUrl}${path}`, { ...init, signal: AbortSignal.timeout(answerMilliseconds) })
  }

  return {
    async send({ raw, from, to }) {
      return untilAnswered(async () => {
        const { smtpHost, smtpPort } = await where()
        const transport = createTransport({
          host: smtpHost,
          port: smtpPort,
          secure: false,
          ignoreTLS: true,
          connectionTimeout: 5000,
          greetingTimeout: 5000,
          socketTimeout: answerMilliseconds,
        })
        try {
          return (await transport.sendMail({ envelope: { from, to }, raw })).response
        } catch (error) {
          if (isRefused(error)) throw ClientFailure.refused(`the product refused a mail: ${error.message}`)
          throw error
        } finally {
          transport.close()
        }
      })
    },
    async api(path, init) {
      const { answer } = await untilAnswered(async () => {
        const key = (await readFile(join(dataFolder, demoKeyFileName), 'utf8')).trim()
        const response = await request(`/v1${path}`, {
          headers: {
            authorization: `Bearer ${key}`,
            ...(init === undefined
              ? {}
              : { 'content-type': 'application/json', 'idempotency-key': init.idempotencyKey }),
          },
          ...(init === undefined ? {} : { method: init.method, body: JSON.stringify(init.body) }),
        })
        const text = await response.text()
        if (response.ok) return text
        const isForLater = response.status === 409 || response.status === 429 || response.status >= 500
        if (isForLater) throw new Error(`${path}: ${response.status} ${text}`)
        throw ClientFailure.refused(`${path}: ${response.status} ${text}`)
      })
      return JSON.parse(answer)
    },
    async page(path) {
      const { answer } = await untilAnswered(async () => {
        const response = await request(path)
        const text = await response.text()
        if (!response.ok) throw new Error(`${path}: ${response.status}`)
        return text
      })
      return answer
    },
  }
}

async function untilAnswered(
  ask: () => Promise<string>,
): Promise<{ readonly answer: string; readonly attempts: number }> {
  const began = performance.now()
  for (let attempts = 1; ; attempts++) {
    try {
      return { answer: await ask(), attempts }
    } catch (error) {
      if (isFailure(error) || performance.now() - began > giveUpMilliseconds) throw error
      await pause(againMilliseconds)
    }
  }
}

function isRefused(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'responseCode' in error &&
    typeof error.responseCode === 'number' &&
    error.responseCode >= 500
  )
}
