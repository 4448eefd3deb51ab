import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { OutgoingMail } from '../mailer.ts'

export type SmtpServer = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte; otherwise STARTTLS when the server offers it. */
  readonly secure: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  /** Seconds without a byte before a connection counts as lost. */
  readonly timeoutSeconds: number
  /** EHLO name. */
  readonly name?: string
}

/** What the server made of one mail; `dataBegan` tells whether it may have got the message. */
export type SmtpAnswer =
  | { readonly kind: 'taken'; readonly response: string }
  | {
      readonly kind: 'failed'
      readonly dataBegan: boolean
      readonly responseCode: number | undefined
      /** The library refused by itself, for good (too large for the server's SIZE, address it cannot say). */
      readonly isRefusedHere: boolean
      readonly cause: unknown
    }

/** One greeted, signed-in SMTP connection. The one door to nodemailer's connection. */
export type SmtpSession = {
  readonly send: (mail: OutgoingMail) => Promise<SmtpAnswer>
  /** False once either side ended it. */
  readonly isOpen: () => boolean
  readonly quit: () => void
}

export function openSmtpSession(server: SmtpServer): Promise<SmtpSession> {
  const timeout = server.timeoutSeconds * 1000
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.secure,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    ...(server.name === undefined ? {} : { name: server.name }),
  })
  let isOpen = true
  connection.on('end', () => {
    isOpen = false
  })
  return new Promise((resolve, reject) => {
    // Stays for the connection's life: an 'error' event without a listener would end the process.
    connection.on('error', (error: unknown) => {
      isOpen = false
      reject(error)
    })
    connection.once('end', () => reject(new Error('the SMTP server closed the connection')))
    const session: SmtpSession = {
      send: (mail) => sendOver(connection, mail),
      isOpen: () => isOpen,
      quit() {
        if (isOpen) connection.quit()
        isOpen = false
      },
    }
    function finish(error: unknown): void {
      if (isNothing(error)) resolve(session)
      else {
        connection.close()
        reject(error)
      }
    }
    connection.connect((error) => {
      if (isNothing(error) && server.auth !== undefined) connection.login(server.auth, finish)
      else finish(error)
    })
  })
}

function sendOver(connection: SMTPConnection, mail: OutgoingMail): Promise<SmtpAnswer> {
  let dataBegan = false
  // The connection reads its source only after the server's 354, so the first read marks the begin of DATA.
  const source = new Readable({
    read() {
      dataBegan = true
      this.push(mail.raw)
      this.push(null)
    },
  })
  const envelope = { from: mail.envelopeFrom ?? false, to: [mail.envelopeTo], size: mail.raw.byteLength } as const
  return new Promise((resolve) => {
    connection.send({ ...envelope, to: [...envelope.to] }, source, (error, info) => {
      if (isNothing(error)) {
        resolve({ kind: 'taken', response: info.response })
        return
      }
      const { responseCode, code } = error
      const isAboutMail = code === 'EMESSAGE' || code === 'EENVELOPE'
      const isRefusedHere = isAboutMail && responseCode === undefined && !dataBegan
      const answer = { kind: 'failed', dataBegan, responseCode, isRefusedHere, cause: error } as const
      if (isAboutMail && responseCode !== 421) endTransaction(connection, () => resolve(answer))
      else {
        connection.close()
        resolve(answer)
      }
    })
  })
}

/** A refused mail leaves the session good for the next one after RSET (RFC 5321 §4.1.1.5). */
function endTransaction(connection: SMTPConnection, done: () => void): void {
  connection.once('end', done)
  connection.reset((error) => {
    if (!isNothing(error)) connection.close()
    connection.off('end', done)
    done()
  })
}

/** The library says "no error" with null or undefined. */
function isNothing(error: unknown): error is null | undefined {
  return error === null || error === undefined
}
