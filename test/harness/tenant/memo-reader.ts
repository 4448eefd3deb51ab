import { createHash } from 'node:crypto'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'

/** The same reader, asked once for each question: a test that plays one mail a thousand times reads it once. */
export function memoReader(reader: MailReader): MailReader {
  return {
    disassemble: once(
      (raw: Uint8Array) => createHash('sha256').update(raw).digest('hex'),
      (raw) => reader.disassemble(raw),
    ),
    attachedLists: once(
      (raw: Uint8Array) => createHash('sha256').update(raw).digest('hex'),
      (raw) => reader.attachedLists(raw),
    ),
    occurs: once(JSON.stringify, (question) => reader.occurs(question)),
    sendable: once(JSON.stringify, (series) => reader.sendable(series)),
    close: () => reader.close(),
  }
}

function once<Q, A>(nameOf: (question: Q) => string, ask: (question: Q) => Promise<A>): (question: Q) => Promise<A> {
  const answers = new Map<string, Promise<A>>()
  return (question) => {
    const name = nameOf(question)
    const answer = answers.get(name) ?? ask(question)
    answers.set(name, answer)
    return answer
  }
}
