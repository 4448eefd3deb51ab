import { once } from 'node:events'
import { connect } from 'node:net'

/** An SMTP conversation spoken word by word, as a test wants it and no client library would. */
export type SmtpTalk = {
  readonly greeting: string
  /** Sends a line and resolves with the whole reply, several lines joined by LF. */
  say(line: string): Promise<string>
  /** Whether everything said so far has been answered. */
  isAnswered(): boolean
  /** Resolves once whatever was on its way has had its chance to arrive. */
  quiet(): Promise<void>
  end(): void
}

const quietTurns = 200

export async function connectSmtp(port: number): Promise<SmtpTalk> {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  let buffer = ''
  let isClosed = false
  const waiting: ((reply: string) => void)[] = []
  const look = () => {
    for (;;) {
      const reply = /^(?:\d{3}-[^\n]*\r\n)*\d{3} [^\n]*\r\n/.exec(buffer)?.[0]
      const next = reply === undefined && !isClosed ? undefined : waiting.shift()
      if (next === undefined) return
      buffer = buffer.slice(reply?.length ?? 0)
      next((reply ?? 'closed').trimEnd().replaceAll('\r\n', '\n'))
    }
  }
  socket.setEncoding('utf8').on('data', (chunk) => {
    buffer += String(chunk)
    look()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
    look()
  })
  const reply = () =>
    new Promise<string>((resolve) => {
      waiting.push(resolve)
      look()
    })
  return {
    greeting: await reply(),
    say(line) {
      socket.write(`${line}\r\n`)
      return reply()
    },
    isAnswered: () => waiting.length === 0,
    async quiet() {
      for (let turn = 0; turn < quietTurns; turn++) await new Promise((resolve) => setImmediate(resolve))
    },
    end: () => socket.destroy(),
  }
}
