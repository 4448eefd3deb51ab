import * as z from 'zod'

/** A server that has not answered by then is as good as silent. */
const ANSWER_MILLISECONDS_MAX = 8000
/** A problem document is some hundred bytes; a server that is not ours may send without end. */
const ANSWER_BYTES_MAX = 64 * 1024

/** What every address of a tenant's API answers that is none: its own problem document (RFC 9457). */
const OwnProblem = z.object({ type: z.string().startsWith('urn:convoke:problem:') })

/**
 * Looks from outside whether a tenant's API or pages answer: a path that they do not have, answered in the product's own words. By https alone: the address
 * comes from a stack that may be a customer's, and what hears plain HTTP near a function is its own runtime. `allowsPlain` is for one machine.
 */
export function createHttpProbes(options: { readonly allowsPlain?: boolean } = {}): {
  answers(url: string): Promise<'answers' | 'silent'>
} {
  const schemes = options.allowsPlain === true ? ['https:', 'http:'] : ['https:']
  return {
    async answers(url) {
      const probed = `${url.replace(/\/$/, '')}/probe`
      if (!schemes.includes(URL.parse(probed)?.protocol ?? '')) return 'silent'
      try {
        const response = await fetch(probed, {
          headers: { accept: 'application/problem+json' },
          redirect: 'manual',
          signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
        })
        const body: unknown = JSON.parse(await beginningOf(response))
        return response.status < 500 && OwnProblem.safeParse(body).success ? 'answers' : 'silent'
      } catch (error) {
        // No connection, no time, no JSON: fetch and JSON.parse throw these three.
        if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException) return 'silent'
        throw error
      }
    },
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return ''
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.byteLength
    // Leaving the loop ends the connection.
    if (length > ANSWER_BYTES_MAX) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
