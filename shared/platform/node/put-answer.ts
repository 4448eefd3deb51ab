/** A pre-signed put answers in moments; CloudFormation's custom resources wait for it. */
const TIMEOUT_MS = 10_000

/** Puts a body at a pre-signed URL of S3. As bytes: a content type that was not signed would be refused. */
export async function putAnswer(url: string, body: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'PUT',
    body: new TextEncoder().encode(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`the answer was refused with status ${answer.status}`)
}
