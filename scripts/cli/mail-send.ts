import { readFile } from 'node:fs/promises'
import { isDeclined } from '#shared/imip/read/mail-part.ts'
import { scanMessage } from '#shared/imip/read/scan-message.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import { deliver } from './deliver.ts'
import { outcomeText, waitForOutcomes } from './mail-outcomes.ts'

/** `mail send FILE --to …`: hands a mail to the SMTP door as any mail server would. */
export const mailSend: TenantCommand = {
  noun: 'mail',
  verb: 'send',
  summary: 'Send a mail from an .eml file by SMTP',
  positionals: ['FILE'],
  options: {
    to: { value: 'ADDRESS', help: 'Who gets it (several: separate by commas)', isRequired: true },
    from: { value: 'ADDRESS', help: 'Envelope sender (its From header when not given)' },
  },
  async run(product, { positionals: [file = ''], options }) {
    const raw = withCrlf(await readMail(file))
    const from = options.from ?? fromOf(raw)
    const to = (options.to ?? '').split(',').map((address) => address.trim())
    const response = await deliver(product.smtp, raw, from, to)
    const mailId = /mail_[a-z0-9]{26}/.exec(response)?.[0]
    const received = mailId === undefined ? [] : await waitForOutcomes(product, mailId)
    const text = [response, ...received.map(outcomeText)]
    if (received.length === 0) text.push('What becomes of it: npm run convoke -- mail log')
    return { text: text.join('\n'), json: { from, to, response, received } }
  },
}

async function readMail(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw CliFailure.usage(`${file} cannot be read`, { cause: error })
  }
}

/** RFC 5321 lines end in CRLF; an .eml that an editor saved may not. */
function withCrlf(raw: Buffer): Buffer {
  return Buffer.from(raw.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
}

function fromOf(raw: Buffer): string {
  const scanned = scanMessage(raw)
  const value = isDeclined(scanned) ? undefined : scanned.fields.find((field) => field.name === 'from')?.value
  const address = /<([^<>\s]+@[^<>\s]+)>/.exec(value ?? '')?.[1] ?? /[^\s<>"]+@[^\s<>"]+/.exec(value ?? '')?.[0]
  if (address === undefined) throw CliFailure.usage('the mail has no From address; name one with --from')
  return address
}
