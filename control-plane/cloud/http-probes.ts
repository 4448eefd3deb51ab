import * as z from 'zod'

/** A server that has not answered by then is as good as silent. */
const ANSWER_MILLISECONDS_MAX = 8000

/** What every address of a tenant's API answers that is none: its own problem document (RFC 9457). */
const OwnProblem = z.object({ type: z.string().startsWith('urn:convoke:problem:') })

/** Looks from outside whether a tenant's API answers: a path that it does not have, answered in its own words. */
export function createHttpProbes(): { answers(url: string): Promise<'answers' | 'silent'> } {
  return {
    async answers(url) {
      try {
        const response = await fetch(`${url.replace(/\/$/, '')}/probe`, {
          redirect: 'manual',
          signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
        })
        const body: unknown = await response.json()
        return response.status < 500 && OwnProblem.safeParse(body).success ? 'answers' : 'silent'
      } catch (error) {
        // No connection, no time, no JSON: fetch and json throw these three.
        if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException) return 'silent'
        throw error
      }
    },
  }
}
