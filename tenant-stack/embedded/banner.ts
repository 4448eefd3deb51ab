import { relative } from 'node:path'
import { styleText } from 'node:util'
import type { Ready } from './told.ts'

const bold = (text: string) => styleText('bold', text, { stream: process.stdout })
const dim = (text: string) => styleText('dim', text, { stream: process.stdout })
const loud = (text: string) => styleText(['bold', 'yellow'], text, { stream: process.stdout })
const link = (text: string) => styleText('cyan', text, { stream: process.stdout })

/** What the terminal says once the product is open: where it is, what `more` is there, what to try, and what is not meant for production. */
export function banner({ facts, demoKey }: Ready, readySeconds: number, more: readonly string[] = []): string {
  const keyFile = relative(process.cwd(), demoKey.file)
  const keyLine = demoKey.isNew ? `${demoKey.secret}  ${dim(`kept in ${keyFile}`)}` : dim(`in ${keyFile}`)
  const steps = facts.tries.flatMap(({ title, command, result }, at) => [
    `  ${bold(String(at + 1))}  ${title}`,
    `     ${link(command)}`,
    `     ${dim(result)}`,
    '',
  ])
  return [
    '',
    `  ${bold('Convoke is open.')} ${dim(`Ready in ${readySeconds.toFixed(1)} s. Ctrl+C ends it.`)}`,
    '',
    `  Start page  ${link(facts.pagesUrl)}`,
    `  Outbox      ${link(`${facts.pagesUrl}/outbox`)}  ${dim(facts.relayHost === undefined ? 'every mail it sends ends here' : `mail goes out by ${facts.relayHost}`)}`,
    `  Invite      ${bold(facts.createAddress)}  ${dim(`by SMTP at ${facts.smtpAddress}`)}`,
    `  API         ${link(facts.apiUrl)}`,
    `  API key     ${keyLine}`,
    ...more,
    '',
    `  ${bold('Three things to try')} ${dim('in another terminal:')}`,
    '',
    ...steps,
    ...(facts.isLoopbackTrusted ? trustLines() : []),
  ].join('\n')
}

function trustLines(): readonly string[] {
  return [
    `  ${loud('DEVELOPMENT SETTING')}  Mail from this machine is believed to be from whoever it says it is from.`,
    '  CONVOKE_TRUST_LOOPBACK=off has every sender proved by SPF, DKIM and DMARC.',
    '',
  ]
}

/** One line for every default port that another program had taken. */
export function portNotes(ready: Ready): readonly string[] {
  const note = (what: string, setting: string, from: number | undefined, to: number) =>
    from === undefined
      ? []
      : [
          loud(
            `Port ${from} is taken by another program: ${what} listens on ${to} instead (${setting} chooses a port).`,
          ),
        ]
  return [
    ...note('HTTP', 'CONVOKE_HTTP_PORT', ready.httpMovedFrom, ready.httpPort),
    ...note('SMTP', 'CONVOKE_SMTP_PORT', ready.smtpMovedFrom, ready.smtpPort),
  ]
}
