import { builderOf, CONTENDERS } from './contenders.ts'
import { sampleRecipients, sampleRevision } from './sample-invite.ts'

/** Attendees that a contender goes round in; enough that no cache of strings holds them all. */
const RECIPIENTS = 2000

const contender = CONTENDERS.find((name) => name === process.argv[2])
if (contender === undefined) throw new Error(`no contender ${process.argv[2]}`)
const recipients = sampleRecipients(RECIPIENTS)
const build = await builderOf(contender, sampleRevision, recipients)

let next = 0

/** Builds `count` mails one after another, as production does, and says what CPU time they took in this process. */
async function run(count: number): Promise<{ cpuMicroseconds: number; octets: number }> {
  let octets = 0
  const before = process.cpuUsage()
  for (let done = 0; done < count; done += 1) {
    const index = next % RECIPIENTS
    const recipient = recipients[index]
    next += 1
    if (recipient === undefined) continue
    const mail = build(recipient, index)
    octets += (mail instanceof Promise ? await mail : mail).length
  }
  const used = process.cpuUsage(before)
  return { cpuMicroseconds: used.user + used.system, octets }
}

process.on('message', (count) => {
  void run(Number(count)).then((measured) => process.send?.(measured))
})
process.send?.('ready')
