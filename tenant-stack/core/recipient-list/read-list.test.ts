import { describe, expect, it } from 'vitest'
import { type ListRow, readList } from './read-list.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const rows = (text: string | Uint8Array) => [...readList(typeof text === 'string' ? utf8(text) : text)]
const said = (row: ListRow) =>
  'reason' in row ? `${row.line} ${row.reason}` : `${row.line} ${row.address} ${row.name ?? '-'}`
const read = (text: string | Uint8Array) => rows(text).map(said)

describe('a list', () => {
  it('of plain lines, with every kind of line end, empty lines between', () => {
    expect(read('a@example.com\r\nb@example.com\rc@example.com\n\n\nd@example.com')).toEqual([
      '1 a@example.com -',
      '2 b@example.com -',
      '3 c@example.com -',
      '6 d@example.com -',
    ])
  })

  it('of mailboxes with names, also quoted', () => {
    expect(read('Ana Diaz <ana@example.com>\n"Diaz, Bo" <bo@example.com>\nmailto:cy@example.com')).toEqual([
      '1 ana@example.com Ana Diaz',
      '2 bo@example.com Diaz, Bo',
      '3 cy@example.com -',
    ])
  })

  it.each([',', ';', '\t'])('with columns cut by %j, titles or none', (cut) => {
    const line = (...cells: readonly string[]) => `${cells.join(cut)}\n`
    expect(
      read(line('E-Mail', 'First name', 'Last name', 'City') + line('a@example.com', 'Ana', 'Diaz', 'Rome')),
    ).toEqual(['2 a@example.com Ana Diaz'])
    expect(read(line('Vorname', 'Nachname', 'E-Mail-Adresse') + line('Jörg', 'Groß', 'j@example.de'))).toEqual([
      '2 j@example.de Jörg Groß',
    ])
    expect(read(line('17', 'a@example.com', 'Ana Diaz'))).toEqual(['1 a@example.com Ana Diaz'])
  })

  it('with quotes: line breaks, separators and quotes within a cell (RFC 4180)', () => {
    expect(read('email,name\n"a@example.com","Ana ""the\nboss"" Diaz, Dr."\nb@example.com,Bo')).toEqual([
      '2 a@example.com Ana "the boss" Diaz, Dr.',
      '4 b@example.com Bo',
    ])
  })

  it('with a stray quote loses no other row', () => {
    const many = Array.from({ length: 200 }, (_, at) => `p${at}@example.com,"P ${at}"`)
    many[50] = 'p50@example.com,"open'
    expect(rows(many.join('\n')).filter((row) => 'address' in row)).toHaveLength(200)
  })

  it.each([
    ['UTF-8 with its mark', Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8('email;name\nz@example.com;Zoë')])],
    ['windows-1252', Buffer.from('email;name\nz@example.com;Zo\xeb', 'latin1')],
    ['UTF-16 without a mark, little end first', Buffer.from('email;name\nz@example.com;Zoë', 'utf16le')],
    ['UTF-16 without a mark, big end first', Buffer.from('email;name\nz@example.com;Zoë', 'utf16le').swap16()],
    ['UTF-16, little end first', Buffer.from('\uFEFFemail;name\nz@example.com;Zoë', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFFemail;name\nz@example.com;Zoë', 'utf16le').swap16()],
  ])('written in %s', (_, bytes) => {
    expect(read(bytes)).toEqual(['2 z@example.com Zoë'])
  })

  it('in windows-1252 whose first accent comes late, and in UTF-8 with one byte that is none', () => {
    const plain = Array.from({ length: 4000 }, (_, at) => `p${at}@example.com;Plain`).join('\n')
    const late = rows(Buffer.from(`email;name\n${plain}\nz@example.com;Zo\xeb`, 'latin1')).map(said)
    expect([late.length, late.at(-1)]).toEqual([4001, '4002 z@example.com Zoë'])
    const broken = [...utf8('a@example.com;Zoë\nb@example.com;Zoé\nc@example.com;'), 0xe9]
    expect(read(Uint8Array.from(broken))).toEqual(['1 a@example.com Zoë', '2 b@example.com Zoé', '3 unreadable'])
  })

  it('says of each line that is nobody why', () => {
    const long = `${'x'.repeat(3000)}@example.com`
    expect(read(`email,name\nnobody,Ana\n,Bo\n=cmd@,x\na@b\nok@exämple.com\n${long}\nnul\0@example.com`)).toEqual([
      '2 invalid_address',
      '3 missing_address',
      '4 invalid_address',
      '5 invalid_address',
      '6 ok@xn--exmple-cua.com -',
      '7 too_long',
      '8 unreadable',
    ])
  })

  it('is read within bounds whatever it holds: a line of 10 MB, and nothing but quotes', () => {
    expect(read('x'.repeat(10_000_000))).toEqual(['1 too_long'])
    expect(rows('"x@example.com\n'.repeat(50_001)).length).toBeGreaterThan(1000)
  })
})

describe('several people in a line', () => {
  it.each([
    ['a@example.com, b@example.com, c@example.com', ['a@example.com -', 'b@example.com -', 'c@example.com -']],
    ['a@example.com b@example.com', ['a@example.com -', 'b@example.com -']],
    ['Ana <a@example.com>; Bo <b@example.com>', ['a@example.com Ana', 'b@example.com Bo']],
    ['Diaz, Ana <a@example.com>; Bo <b@example.com>', ['a@example.com Diaz, Ana', 'b@example.com Bo']],
    ['"Diaz, Ana" <a@example.com>, "B" <b@example.com>', ['a@example.com Diaz, Ana', 'b@example.com B']],
  ])('%s: each is one', (text, expected) => {
    expect(read(text)).toEqual(expected.map((said) => `1 ${said}`))
  })

  it('in the address column of a table', () => {
    expect(read('name;email\nTeam;a@example.com, b@example.com')).toEqual(['2 a@example.com -', '2 b@example.com -'])
  })

  it('as many as somebody pastes, each with a row of its own; a line beyond the limit is refused whole', () => {
    const many = Array.from({ length: 2000 }, (_, at) => `person${at}@example.com`)
    expect(rows(many.join(', ')).map((row) => ('address' in row ? row.address : row.reason))).toEqual(many)
    expect(rows(many.join(', ')).map(({ row }) => row)).toEqual(many.map((_, at) => at + 1))
    expect(read([...many, ...many, ...many].join(', '))).toEqual(['1 too_long'])
  })
})

describe('quotes that were not meant as quotes', () => {
  it('within cells hide nobody', () => {
    expect(read('a@example.com,5" pipe\nb@example.com,Bo\nc@example.com,6" pipe')).toEqual([
      '1 a@example.com 5" pipe',
      '2 b@example.com Bo',
      '3 c@example.com 6" pipe',
    ])
  })

  it('at the beginning of a cell, closed some lines later, refuse these lines and say so', () => {
    expect(read('a@example.com,"Ana\nb@example.com,Bo\nc@example.com,C"\nd@example.com,Dee')).toEqual([
      '1 open_quote',
      '2 open_quote',
      '3 open_quote',
      '4 d@example.com Dee',
    ])
  })
})

describe('titles', () => {
  it.each([
    'Adresse électronique',
    'Adresse mail',
    'Dirección de correo electrónico',
    'E-mail 1 - Value',
    'Mailadresse',
    'E-MAIL ADDRESS',
    'Email (work)',
  ])('%s', (title) => {
    expect(read(`City,${title},E-mail 1 - Label,Name\nRome,a@example.com,home,Ana`)).toEqual(['2 a@example.com Ana'])
  })

  it('in whatever order give the name in its own', () => {
    expect(read('Nachname;Vorname;E-Mail\nGroß;Jörg;j@example.de')).toEqual(['2 j@example.de Jörg Groß'])
    expect(read('Last Name,First Name,Name,Email\nDiaz,Ana,Dr. Ana Diaz,a@example.com')).toEqual([
      '2 a@example.com Dr. Ana Diaz',
    ])
  })

  it('that nobody knows are refused and make no names', () => {
    expect(read('Ville,Contact,Personne\nRome,a@example.com,Ana')).toEqual(['1 missing_address', '2 a@example.com -'])
  })

  it('behind the line by which Excel says how cells are cut', () => {
    expect(read('sep=;\nemail;city;name\na@example.com;Rome;Ana')).toEqual(['3 a@example.com Ana'])
  })
})

it('every line is people or is refused, and nobody is lost, in 500 random tables', () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const names = ['Ana', '"Diaz, Bo"', '5" pipe', '"open', 'Zoë', '', 'x "y" z', '"two\nlines"', 'closed"']
  for (let count = 0; count < 500; count += 1) {
    const cut = [',', ';', '\t'][random(3)] ?? ','
    const lines: string[] = []
    const people: string[] = []
    for (let at = 0; at < 1 + random(12); at += 1) {
      const own = Array.from({ length: 1 + (random(4) === 0 ? random(3) : 0) }, (_, one) => `p${at}x${one}@example.com`)
      people.push(...own)
      lines.push([...own, names[random(names.length)] ?? ''].join(cut))
    }
    const text = lines.join('\n')
    const read = rows(text)
    const found = read.flatMap((row) => ('address' in row ? [row.address] : []))
    const refused = read.flatMap((row) => ('reason' in row ? [row.line] : []))
    const inRefused = people.filter((address) =>
      refused.some((line) => text.split('\n')[line - 1]?.includes(address) === true),
    )
    expect([text, [...found, ...inRefused].toSorted()]).toEqual([text, people.toSorted()])
  }
})

it('reads the same however the bytes are cut into slices, by 300 random lists', () => {
  let seed = 1
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const pieces = [
    'a@example.com',
    'Zoë',
    '"',
    '""',
    ',',
    ';',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '<b@example.com>',
    'é',
    '€',
    '\t',
  ]
  for (let count = 0; count < 300; count += 1) {
    const text = Array.from({ length: 1 + random(40) }, () => pieces[random(pieces.length)] ?? '').join('')
    // The reader's own slices are 64 KB: empty lines before the text move it across their border, and are no rows.
    const moved = '\n'.repeat(65_536 - random(60))
    const alone = rows(text).map((row) => said({ ...row, line: 0 }))
    expect(rows(moved + text).map((row) => said({ ...row, line: 0 }))).toEqual(alone)
  }
})
