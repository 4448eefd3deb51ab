import { afterEach, describe, expect, it } from 'vitest'
import { childrenAtRest, watchCpu } from '../side-by-side/process-cpu.ts'
import { CONTENDERS, type Contender, openContender } from './contenders.ts'
import { sampleMails } from './sample-mails.ts'

const opened: Contender[] = []

async function open(name: (typeof CONTENDERS)[number]): Promise<Contender> {
  const contender = await openContender(name)
  opened.push(contender)
  return contender
}

afterEach(async () => {
  for (const contender of opened.splice(0)) await contender.close()
})

describe('contenders', () => {
  it('all read the same facts of every sample', async () => {
    for (const raw of sampleMails()) {
      const facts = await Promise.all(CONTENDERS.map(async (name) => (await open(name)).facts(raw)))
      expect(facts[0]).toMatchObject({ method: 'REQUEST', start: '2026-03-03T09:00:00Z', from: 'ana@example.com' })
      for (const other of facts) expect(other).toEqual(facts[0])
    }
  })
})

describe.runIf(process.platform === 'linux')('the CPU stopwatch', () => {
  it('counts what the reader child uses, not only this process', async () => {
    const [raw = Buffer.alloc(0)] = sampleMails()
    const product = await open('product')
    await product.take(raw)
    await childrenAtRest()
    const watch = watchCpu()
    const own = process.cpuUsage()
    for (let i = 0; i < 200; i += 1) await product.take(raw)
    const used = process.cpuUsage(own)
    expect(watch.microseconds()).toBeGreaterThan((used.user + used.system) * 1.2)
  })
})
