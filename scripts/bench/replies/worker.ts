import { serveRunner } from '../side-by-side/serve-runner.ts'
import { CONTENDERS, openContender } from './contenders.ts'
import { sampleReplies } from './sample-replies.ts'

const name = CONTENDERS.find((one) => one === process.argv[2])
if (name === undefined) throw new Error(`no contender ${process.argv[2]}`)
serveRunner(await openContender(name), sampleReplies())
