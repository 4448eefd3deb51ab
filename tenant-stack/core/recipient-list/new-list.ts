import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { listWrites } from './list-store.ts'
import { readList } from './read-list.ts'
import { listOfEventKey, type RecipientList } from './recipient-list.ts'

const NAME_UNITS_MAX = 200

export type NewList = Pick<RecipientList, 'listId' | 'eventId' | 'sizeBytes' | 'isDryRun' | 'fromMail' | 'fileName'>

/** Whether a file names nobody at all: then it is no list. */
export function isEmptyList(bytes: Uint8Array): boolean {
  return readList(bytes).next().done === true
}

/** A list that is to be checked, whatever way it came. Its file lies in Blobs before this is written. */
export function newList({ clock }: Pick<Ctx, 'clock'>, list: NewList): RecipientList {
  const { fileName, isDryRun, fromMail, ...rest } = list
  return {
    ...rest,
    ...(fileName === undefined ? {} : { fileName: fileName.slice(0, NAME_UNITS_MAX) }),
    ...(isDryRun === true ? { isDryRun } : {}),
    ...(fromMail === undefined ? {} : { fromMail }),
    state: 'checking',
    row: 0,
    rows: 0,
    valid: 0,
    refused: {},
    planned: 0,
    chunks: 0,
    createdAt: clock.now(),
    version: 1,
  }
}

/** The writes that begin it, once. */
export function newListOperations(ctx: Ctx, list: RecipientList): readonly WriteOperation[] {
  const { eventId, listId } = list
  return [
    ...listWrites(ctx, undefined, list),
    { kind: 'put', item: { ...listOfEventKey(eventId, listId), listId }, when: { row: 'absent' } },
  ]
}

/** Crockford's alphabet, as all ids have it. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_CHARS = 10
const OWN_CHARS = 16

/** The id of a list that came by mail: the same whenever that mail is read, and sorted by its time as all lists are. */
export function mailedListId(
  ctx: Pick<Ctx, 'sha256'>,
  input: {
    readonly mailId: string
    readonly recipient: string
    readonly ordinal: number
    /** Epoch milliseconds. */
    readonly receivedAt: number
  },
): string {
  let time = ''
  for (let left = input.receivedAt; time.length < TIME_CHARS; left = Math.floor(left / 32))
    time = (ALPHABET[left % 32] ?? '') + time
  const own = ctx.sha256(`${input.mailId}\n${input.recipient}\n${input.ordinal}`).slice(0, OWN_CHARS)
  return `lst_${time}${own}`
}
