import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** The next message of a measuring process; one that dies is an error, not a wait for ever. */
export async function answerOf(child: ChildProcess): Promise<unknown> {
  const gone = new AbortController()
  const died = once(child, 'exit', { signal: gone.signal }).then(([code]) => {
    throw new Error(`the measuring process ended with ${code}`)
  })
  try {
    const [said] = await Promise.race([once(child, 'message', { signal: gone.signal }), died])
    return said
  } finally {
    gone.abort()
    await died.catch((error: unknown) => {
      if (!gone.signal.aborted) throw error
    })
  }
}
