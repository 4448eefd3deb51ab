import { sampleRecipients, sampleRevision } from '../compose/sample-invite.ts'
import { CONTENDERS, senderOf } from './contenders.ts'

const RECIPIENTS = 2000

const contender = CONTENDERS.find((name) => name === process.argv[2])
if (contender === undefined) throw new Error(`no contender ${process.argv[2]}`)
const recipients = sampleRecipients(RECIPIENTS)
const send = await senderOf(contender, sampleRevision)

let next = 0

/** Sends `count` mails one after another, as production does, and says what CPU time they took in this process. */
async function run(count: number): Promise<{ cpuMicroseconds: number; octets: number }> {
  let octets = 0
  const before = process.cpuUsage()
  for (let done = 0; done < count; done += 1) {
    const recipient = recipients[next % RECIPIENTS]
    next += 1
    if (recipient !== undefined) octets += await send(recipient)
  }
  const used = process.cpuUsage(before)
  return { cpuMicroseconds: used.user + used.system, octets }
}

process.on('message', (count) => {
  void run(Number(count)).then((measured) => process.send?.(measured))
})
process.send?.('ready')
