import * as z from 'zod'
import { listAnswer } from '../wire/list-answer.ts'
import { paging, text } from '../wire/params.ts'
import { route } from '../wire/route.ts'

export const stripeEvents = [
  route(
    'GET',
    '/v1/events',
    { ...paging, type: text.exactOptional(), types: z.array(text).exactOptional() },
    ({ unit }, { type, types, ...page }) =>
      listAnswer(unit, 'event', page, undefined, (one) =>
        [
          type === undefined || isOfType(one.type, type),
          types === undefined || types.some((wanted) => isOfType(one.type, wanted)),
        ].every(Boolean),
      ),
  ),
  route('GET', '/v1/events/:id', {}, ({ unit }, _input, pathId) => unit.need('event', pathId)),
]

/** `charge.*` is all that begins so. */
function isOfType(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted
}
