import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { startProduct } from '#test/harness/product/start-product.ts'

const sample = new URL('../../samples/google-single-timed.eml', import.meta.url)

it('a killed working child is back on the same ports, with everything that was accepted', async () => {
  await using product = await startProduct()
  const before = await product.running()
  await product.sendMail({ raw: await readFile(sample), to: 'create@demo.localhost' })
  await product.killWorkingChild()
  const after = await product.running()
  expect(after).toEqual({ ...before, pid: after.pid })
  expect(after.pid).not.toBe(before.pid)
  await product.waitForOutbox(({ kind }) => kind === 'Created')
  expect(await product.outbox()).toHaveLength(1)
})

it('the whole product killed after a 250 has the event at its next start', async () => {
  await using product = await startProduct()
  await product.sendMail({ raw: await readFile(sample), to: 'create@demo.localhost' })
  await product.killAll()
  await using next = await startProduct({ data: product.dataFolder })
  await next.waitForOutbox(({ kind }) => kind === 'Created')
  expect(await next.outbox()).toHaveLength(1)
})

it('a working child whose supervisor is killed ends by itself and frees its data folder', async () => {
  await using product = await startProduct()
  const { pid } = await product.running()
  await product.killSupervisor()
  await using next = await startProduct({ data: product.dataFolder })
  expect((await next.running()).pid).not.toBe(pid)
})
