import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { type ControlApiInMemory, controlApiInMemory } from '#test/harness/control/control-api.ts'
import { faultsOf } from '#test/harness/openapi/faults-of.ts'

let api: ControlApiInMemory
beforeAll(async () => {
  api = await controlApiInMemory()
})
afterAll(() => api.close())

it('the description has no fault that validators of others know', async () => {
  const { body } = await api.call('/v1/openapi.json', {})
  const document = z.record(z.string(), z.unknown()).parse(body)
  expect(Object.keys(Object(document.paths)).length).toBeGreaterThan(30)
  expect(await faultsOf(document)).toEqual([])
})
