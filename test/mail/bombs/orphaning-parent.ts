import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { capturedLog } from './captured-log.ts'

/** A parent to be killed by a test: says its children's process ids, then leaves one idle and one hanging in native code. */
const reader = createMailReader({
  entry: new URL('./hostile-child.ts', import.meta.url),
  children: 2,
  wallMs: 3_600_000,
  log: capturedLog(),
})
const run = (job: string) => reader.disassemble(Buffer.from(job))
let pids: unknown[] = []
// On a busy machine one child may take both jobs.
while (new Set(pids).size < 2) {
  const answers = await Promise.all([run('wait 100'), run('wait 100')])
  pids = answers.map((answer) => ('value' in answer ? answer.value : undefined))
}
void run('regex')
// The hang has begun once the other child has answered behind it.
await run('echo started')
process.stdout.write(`${JSON.stringify(pids)}\n`)
