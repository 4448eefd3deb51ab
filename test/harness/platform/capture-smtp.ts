import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

export type CapturedMail = {
  readonly envelopeFrom: string | null
  readonly envelopeTo: readonly string[]
  readonly raw: Buffer
}

/** What the server does to the next mails; `drop_` closes the connection without a word at that point. */
export type SmtpBehaviour =
  | 'accept'
  | { readonly at: 'connect' | 'mail' | 'rcpt' | 'data'; readonly code: number }
  | 'drop_at_mail'
  | 'drop_in_data'
  | 'drop_after_data'
  | 'silent_after_data'

export type CaptureSmtp = {
  readonly port: number
  readonly mails: readonly CapturedMail[]
  /** Connections accepted so far. */
  readonly connectionCount: () => number
  readonly behave: (behaviour: SmtpBehaviour) => void
  /** Closes every open connection, as a server does with resting ones. */
  readonly dropConnections: () => void
  readonly close: () => Promise<void>
}

/** An SMTP server on loopback that keeps what it is sent, or misbehaves as told. */
export async function startCaptureSmtp(options: { readonly sizeMax?: number } = {}): Promise<CaptureSmtp> {
  const mails: CapturedMail[] = []
  const sockets = new Set<Socket>()
  let behaviour: SmtpBehaviour = 'accept'
  let connections = 0

  function refusal(at: 'connect' | 'mail' | 'rcpt' | 'data'): Error | undefined {
    if (typeof behaviour === 'string' || behaviour.at !== at) return undefined
    return Object.assign(new Error('told to refuse'), { responseCode: behaviour.code })
  }

  function dropConnections(): void {
    for (const socket of sockets) socket.destroy()
  }

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    ...(options.sizeMax === undefined ? {} : { size: options.sizeMax }),
    onConnect(_session, callback) {
      connections += 1
      callback(refusal('connect'))
    },
    onMailFrom(_address, _session, callback) {
      if (behaviour === 'drop_at_mail') dropConnections()
      else callback(refusal('mail'))
    },
    onRcptTo: (_address, _session, callback) => callback(refusal('rcpt')),
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      let isDropped = false
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        if (behaviour !== 'drop_in_data') return
        isDropped = true
        dropConnections()
      })
      stream.on('end', () => {
        if (behaviour === 'drop_after_data') return dropConnections()
        if (isDropped || behaviour === 'silent_after_data') return undefined
        const error = refusal('data')
        if (error !== undefined) return callback(error)
        mails.push({ ...envelopeOf(session), raw: Buffer.concat(chunks) })
        return callback(null)
      })
    },
  })
  // Connections dropped by the client end here too; they are what the tests do.
  server.on('error', () => undefined)
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.server.address()
  return {
    port: isAddressInfo(address) ? address.port : 0,
    mails,
    connectionCount: () => connections,
    behave(next) {
      behaviour = next
    },
    dropConnections,
    close() {
      dropConnections()
      return new Promise((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

function envelopeOf({ envelope }: SMTPServerSession): Omit<CapturedMail, 'raw'> {
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
  return { envelopeFrom: from === '' ? null : from, envelopeTo: envelope.rcptTo.map(({ address }) => address) }
}
