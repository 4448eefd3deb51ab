import { childrenAtRest, watchCpu } from './process-cpu.ts'

export type Contender = {
  readonly take: (raw: Buffer) => Promise<unknown>
  /** The same work, told in terms that can be compared. */
  readonly facts: (raw: Buffer) => Promise<unknown>
}

/** Answers a runner's parent: takes so many of the mails in turn and tells their cost, or tells the facts of each. */
export function serveRunner(contender: Contender, mails: readonly Buffer[]): void {
  let next = 0

  /** Takes `count` mails one after another and says what CPU time they took in this process and its children, per mail. */
  async function run(count: number): Promise<number> {
    await childrenAtRest()
    const watch = watchCpu()
    for (let done = 0; done < count; done += 1) {
      const raw = mails[next % mails.length]
      next += 1
      if (raw !== undefined) await contender.take(raw)
    }
    return watch.microseconds() / count
  }

  async function answer(asked: unknown): Promise<unknown> {
    if (typeof asked === 'number') return run(asked)
    const facts = []
    for (const raw of mails) facts.push(await contender.facts(raw))
    return facts
  }

  process.on('message', (asked) => {
    void answer(asked).then((said) => process.send?.(said))
  })
  // The measuring process goes when nobody asks any more, and its children with it.
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}
