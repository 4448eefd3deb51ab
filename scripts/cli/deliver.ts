import { createTransport } from 'nodemailer'
import { CliFailure } from './cli-failure.ts'

/** Hands one mail to the SMTP door and answers its last word. Throws `cli.refused`, `cli.not_running`. */
export async function deliver(
  smtp: { readonly host: string; readonly port: number },
  raw: Buffer,
  from: string,
  to: readonly string[],
): Promise<string> {
  const transport = createTransport({ ...smtp, secure: false, ignoreTLS: true })
  try {
    const sent = await transport.sendMail({ envelope: { from, to: [...to] }, raw })
    return sent.response
  } catch (error) {
    throw asFailure(error, `${smtp.host}:${smtp.port}`)
  } finally {
    transport.close()
  }
}

function asFailure(error: unknown, at: string): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if ('response' in error && typeof error.response === 'string')
    return CliFailure.refused(error.response, { cause: error })
  return CliFailure.not_running(`Nothing takes mail at ${at}. Start it with: npm start`, { cause: error })
}
