import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { supervise } from './supervisor.ts'

const entry = fileURLToPath(new URL('./working-child.ts', import.meta.url))

it('gives up on a child that dies again and again before it is ready, and says so', async () => {
  const troubles: string[] = []
  const supervisor = supervise({
    entry,
    env: { NODE_OPTIONS: '--import=data:text/javascript,process.exit(7)' },
    onReady: () => troubles.push('ready'),
    onReopened: () => troubles.push('reopened'),
    onTrouble: (message) => troubles.push(message),
  })
  expect(await supervisor.ended).toBe(1)
  expect(troubles).toEqual(['Convoke died 5 times in a row before it was ready (exit 7); what it said is above.'])
})

it('ends a child that is still starting when it is told to stop', async () => {
  const supervisor = supervise({
    entry,
    env: { NODE_OPTIONS: '--import=data:text/javascript,process.exit(7)' },
    onReady: () => undefined,
    onReopened: () => undefined,
    onTrouble: () => undefined,
  })
  supervisor.stop()
  expect(typeof (await supervisor.ended)).toBe('number')
})
