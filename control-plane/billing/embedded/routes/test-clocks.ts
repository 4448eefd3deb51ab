import type { ObjectOf } from '../state/objects.ts'
import { listAnswer } from '../wire/list-answer.ts'
import { paging, text, whole } from '../wire/params.ts'
import { refuse } from '../wire/refusal.ts'
import { route } from '../wire/route.ts'

/** Stripe deletes a test clock a month after it was made. */
const LIFE_SECONDS = 30 * 86_400
/** Two of the shortest interval, says Stripe; two years are what a yearly price allows. */
const ADVANCE_SECONDS_MAX = 2 * 366 * 86_400

export const testClocks = [
  route(
    'POST',
    '/v1/test_helpers/test_clocks',
    { frozen_time: whole, name: text.exactOptional() },
    async ({ unit }, input) => {
      const clock: ObjectOf<'test_helpers.test_clock'> = {
        id: unit.mint('test_helpers.test_clock'),
        object: 'test_helpers.test_clock',
        created: unit.now(),
        deletes_after: unit.now() + LIFE_SECONDS,
        frozen_time: input.frozen_time,
        livemode: false,
        name: input.name ?? null,
        status: 'ready',
        status_details: {},
      }
      unit.put('test_helpers.test_clock', clock)
      unit.tell('test_helpers.test_clock.created', clock)
      return clock
    },
  ),
  route('GET', '/v1/test_helpers/test_clocks', paging, ({ unit }, page) =>
    listAnswer(unit, 'test_helpers.test_clock', page),
  ),
  route('GET', '/v1/test_helpers/test_clocks/:id', {}, ({ unit }, _input, pathId) =>
    unit.need('test_helpers.test_clock', pathId),
  ),
  // As at Stripe, the answer says `advancing`; whoever waits asks again until it is `ready`.
  route('POST', '/v1/test_helpers/test_clocks/:id/advance', { frozen_time: whole }, async ({ unit }, input, pathId) => {
    const clock = await unit.need('test_helpers.test_clock', pathId)
    if (clock.status !== 'ready')
      throw refuse.invalid('The test clock is still advancing.', { code: 'testmode_clock_advancing' })
    if (input.frozen_time <= clock.frozen_time || input.frozen_time > clock.frozen_time + ADVANCE_SECONDS_MAX)
      throw refuse.invalid('A test clock is advanced forwards, by two years at most.', { param: 'frozen_time' })
    const advancing: ObjectOf<'test_helpers.test_clock'> = {
      ...clock,
      status: 'advancing',
      status_details: { advancing: { target_frozen_time: input.frozen_time } },
    }
    unit.put('test_helpers.test_clock', advancing)
    unit.due(unit.now(), { kind: 'test_clock', objectId: clock.id })
    unit.tell('test_helpers.test_clock.advancing', advancing)
    return advancing
  }),
]
