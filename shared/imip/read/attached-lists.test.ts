import { describe, expect, it } from 'vitest'
import { LIST_BYTES_MAX } from '#shared/contracts/lists-api.ts'
import { base64Lines, entity, headerLines, mixedMail, multipart, textPart } from '#test/mail/read/build-mail.ts'
import { attachedLists } from './attached-lists.ts'
import { ATTACHED_LIST_BYTES_MAX, ATTACHED_LISTS_MAX } from './limits.ts'

const file = (type: string, name: string, content: string | Uint8Array, disposition = 'attachment') =>
  entity(
    [
      `Content-Type: ${type}${name === '' ? '' : `; name="${name}"`}`,
      `Content-Disposition: ${disposition}${name === '' ? '' : `; filename="${name}"`}`,
      'Content-Transfer-Encoding: base64',
    ],
    base64Lines(content),
  )

async function textsOf(...parts: readonly string[]): Promise<readonly (string | undefined)[]> {
  const lists = await attachedLists(mixedMail([textPart('Hello'), ...parts]))
  return lists.map(({ base64 }) => (base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString()))
}

describe('a file of a mail', () => {
  it.each([
    ['text/csv', 'people.csv'],
    ['text/csv', ''],
    ['application/csv', 'people'],
    ['application/vnd.ms-excel', 'people.CSV'],
    ['application/octet-stream', 'people.txt'],
    ['application/octet-stream', 'people.csv'],
    ['text/plain', 'people.txt'],
    ['text/plain', 'people'],
    ['text/plain', ''],
    ['text/tab-separated-values', 'people.tsv'],
  ])('is a list: %s %s', async (type, name) => {
    expect(await textsOf(file(type, name, 'a@example.org'))).toEqual(['a@example.org'])
  })

  it.each([
    ['application/vnd.ms-excel', 'people.xls'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'people.xlsx'],
    ['image/png', 'people.csv'],
    ['text/plain', 'invite.ics'],
    ['text/plain', 'signature.asc'],
    ['application/pdf', 'people.pdf'],
    ['application/octet-stream', ''],
  ])('is none: %s %s', async (type, name) => {
    expect(await textsOf(file(type, name, 'a@example.org'))).toEqual([])
  })

  it('is a list when it is shown in the mail under a name; the mail’s own text is none', async () => {
    expect(await textsOf(file('text/plain', 'people.txt', 'a@example.org', 'inline'))).toEqual(['a@example.org'])
  })

  it('of another encoding is turned into UTF-8; what a list tells by its bytes is left as it is', async () => {
    const cyrillic = Buffer.from([0xc8, 0xe2, 0xe0, 0xed, 0x20, 0x3c, 0x61, 0x40, 0x62, 0x2e, 0x63, 0x3e])
    expect(await textsOf(file('text/plain; charset=windows-1251', 'people.txt', cyrillic))).toEqual(['Иван <a@b.c>'])
    const western = Buffer.from('Zo\xeb <a@b.c>', 'latin1')
    const [list] = await attachedLists(mixedMail([file('text/csv; charset=utf-8', 'people.csv', western)]))
    expect(list?.base64).toBe(western.toString('base64'))
  })

  it('that is larger than a list may be is named and not read, and so is what passes the room of all', async () => {
    expect(ATTACHED_LIST_BYTES_MAX).toBe(LIST_BYTES_MAX)
    const whole = 'x'.repeat(ATTACHED_LIST_BYTES_MAX)
    const lists = await attachedLists(
      mixedMail([
        file('text/csv', 'huge.csv', `${whole}y`),
        file('text/csv', 'a.csv', whole),
        file('text/csv', 'b.csv', whole),
        file('text/csv', 'c.csv', 'c'),
      ]),
    )
    expect(lists.map(({ fileName, sizeBytes, base64 }) => [fileName, sizeBytes, base64 !== undefined])).toEqual([
      ['huge.csv', whole.length + 1, false],
      ['a.csv', whole.length, true],
      ['b.csv', whole.length, true],
      ['c.csv', 1, false],
    ])
  })

  it('inside a forwarded mail, or after the first ten, is not looked at', async () => {
    const inner = multipart(headerLines(), 'multipart/mixed', 'in-1', [file('text/csv', 'people.csv', 'a@b.c')])
    expect(await textsOf(entity(['Content-Type: message/rfc822'], inner))).toEqual([])
    const many = Array.from({ length: ATTACHED_LISTS_MAX + 3 }, (_, at) => file('text/csv', `${at}.csv`, `${at}`))
    expect(await textsOf(...many)).toHaveLength(ATTACHED_LISTS_MAX)
  })

  it('keeps no path and no control character in its name', async () => {
    const [list] = await attachedLists(mixedMail([file('text/csv', '../a/people.csv', 'a@b.c')]))
    expect(list?.fileName).toBe('people.csv')
  })
})
