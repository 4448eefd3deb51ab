import type { HttpResponse } from '@smithy/core/protocols'
import * as z from 'zod'

/** Answers of SES are short; what is longer is none of its. */
const ANSWER_BYTES_MAX = 64 * 1024

const Refusal = z.object({ __type: z.string(), code: z.string(), message: z.string(), Message: z.string() }).partial()

/** The body of an answer as text; throws where it breaks off, or is longer than any of SES. */
export async function textOfBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    if (length > ANSWER_BYTES_MAX) throw new Error('the answer is too long to be SES’s')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** The error of a refusal as AWS's REST-JSON protocol spells it: its name stands in a header, or in the body; what follows `:` or comes before `#` is no part of it. */
export function responseError({ statusCode, headers }: HttpResponse, text: string): Error {
  const said = refusalOf(text)
  const named = headers['x-amzn-errortype'] ?? said.__type ?? said.code ?? 'UnknownError'
  const name = named.replace(/:.*$/s, '').replace(/^.*#/s, '')
  const message = said.message ?? said.Message ?? name
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: statusCode } })
}

function refusalOf(text: string): z.infer<typeof Refusal> {
  try {
    return Refusal.safeParse(JSON.parse(text)).data ?? {}
  } catch (error) {
    // A proxy's page: its status says enough.
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
