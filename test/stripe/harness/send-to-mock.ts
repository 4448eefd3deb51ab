import type { Call } from './record-calls.ts'

/** Sends each shape to stripe-mock as it was sent to the double; answers what it refused, with its words. */
export async function sendToMock(mockUrl: string, shapes: ReadonlyMap<string, Call>): Promise<readonly string[]> {
  const refused: string[] = []
  for (const [shape, { method, path, body }] of shapes) {
    const answer = await fetch(mockUrl + path, {
      method,
      headers: { authorization: 'Bearer sk_test_123', 'content-type': 'application/x-www-form-urlencoded' },
      ...(method === 'POST' ? { body } : {}),
    })
    if (!answer.ok) refused.push(`${shape}: ${await answer.text()}`)
  }
  return refused
}
