import type { Socket } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Log } from '#shared/platform/small-ports.ts'
import { listenOn } from '#shared/runtime/listen-on.ts'
import { receiveData, roomOf } from './receive-data.ts'
import { farewell, noRelay, noRoomNow, notNow, refusal, tooLarge, unknownMailbox } from './smtp-reply.ts'

export type SmtpMail = {
  readonly raw: Uint8Array
  /** '' for the null reverse-path. */
  readonly envelopeFrom: string
  readonly recipients: readonly string[]
  readonly origin: { readonly remoteAddress: string; readonly helo: string }
}

export type SmtpDoorOptions = {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly domainName: string
  readonly mailBytesMax: number
  readonly acceptsRecipient: (address: string) => Promise<'accepted' | 'unknown_mailbox' | 'other_domain' | 'not_now'>
  /** When it resolves the mail is ours: only then the client hears 250. */
  readonly acceptMail: (mail: SmtpMail) => Promise<{ readonly mailId: string }>
  readonly log: Log
}

export type Door = { readonly port: number; close(): Promise<void> }

/** Fewer than 100 would refuse what RFC 5321 section 4.5.3.1.8 makes every server take. */
const recipientsMax = 100
/** A directory harvest shows itself by refused recipients. */
const refusedRecipientsMax = 25
const clientsMax = 100
const idleMilliseconds = 60_000
/** A client that trickles bytes resets the idle limit for ever; this one it cannot reset. */
const sessionMilliseconds = 15 * 60_000
/** RFC 5321 asks for 512 octets of command line; SMTPUTF8 addresses and parameters need more. */
const commandBytesMax = 4096
/** Mail that all sessions hold in memory at once, beyond one of the largest. */
const roomBytes = 128 * 1024 * 1024

/**
 * Opens the SMTP door: takes mail for our own mailboxes only, each durable before its 250. Rejects with the socket's error
 * (`EADDRINUSE`, `EACCES`) when it cannot listen.
 */
export async function openSmtpDoor(options: SmtpDoorOptions): Promise<Door> {
  const { domainName, mailBytesMax, log } = options
  const room = roomOf(Math.max(roomBytes, mailBytesMax))
  const refusedBySession = new WeakMap<SMTPServerSession, number>()

  async function judgeRecipient(address: string, session: SMTPServerSession): Promise<Error | undefined> {
    const answer = await options.acceptsRecipient(address)
    if (answer === 'accepted') return undefined
    // A tenant that is being opened: its mail comes again.
    if (answer === 'not_now') return refusal(notNow)
    const refused = (refusedBySession.get(session) ?? 0) + 1
    refusedBySession.set(session, refused)
    if (refused > refusedRecipientsMax) return farewell('Too many unknown recipients')
    return refusal(answer === 'other_domain' ? noRelay : unknownMailbox)
  }

  async function takeMail(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | string> {
    const data = await receiveData(stream, mailBytesMax, room)
    if (data.kind === 'oversized') return refusal(tooLarge)
    if (data.kind === 'no_room') return refusal(noRoomNow)
    if (data.kind === 'broken') return refusal(notNow)
    const { mailFrom, rcptTo } = session.envelope
    const { mailId } = await options.acceptMail({
      raw: data.raw,
      envelopeFrom: mailFrom === false ? '' : mailFrom.address,
      recipients: rcptTo.map((recipient) => recipient.address),
      origin: { remoteAddress: session.remoteAddress, helo: session.hostNameAppearsAs || session.clientHostname },
    })
    return `accepted as ${mailId}`
  }

  const tryLater = (at: string) => (error: unknown) => {
    log.error({ at, error: error instanceof Error ? error.message : String(error) })
    return refusal(notNow)
  }

  const server = new SMTPServer({
    name: domainName,
    banner: 'Convoke',
    hideENHANCEDSTATUSCODES: false,
    size: mailBytesMax,
    rejectOversized: true,
    maxRecipients: recipientsMax,
    maxClients: clientsMax,
    socketTimeout: idleMilliseconds,
    maxCommandLength: commandBytesMax,
    closeTimeout: 2000,
    disableReverseLookup: true,
    logger: false,
    // No certificate yet, so no STARTTLS: the library's own test certificate has a published key.
    disabledCommands: ['AUTH', 'STARTTLS', 'WIZ', 'SHELL', 'KILL'],
    onRcptTo: (address, session, done) =>
      void judgeRecipient(address.address, session).catch(tryLater('smtp.recipient')).then(done),
    onData: (stream, session, done) =>
      void takeMail(stream, session)
        .catch(tryLater('smtp.data'))
        .then((answer) => (typeof answer === 'string' ? done(null, answer) : done(answer))),
  })
  let isOpen = false
  // Until it listens the caller is told, by the rejection.
  server.on('error', (error) => {
    if (isOpen) log.warn({ at: 'smtp.socket', error: error.message })
  })
  server.server.on('connection', limitLifetime)
  const port = await listenOn(server.server, options.host, options.port)
  isOpen = true
  return { port, close: () => new Promise((resolve) => server.close(resolve)) }
}

function limitLifetime(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), sessionMilliseconds)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
}
