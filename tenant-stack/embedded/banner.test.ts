import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { banner, portNotes } from './banner.ts'
import { thingsToTry } from './local-pages/product-facts.ts'
import type { Ready } from './told.ts'

const createAddress = 'create@events.example.com'

function ready(more: Partial<Ready> = {}, facts: Partial<Ready['facts']> = {}): Ready {
  return {
    httpPort: 8025,
    smtpPort: 2525,
    facts: {
      domainName: 'events.example.com',
      createAddress,
      smtpAddress: 'localhost:2525',
      pagesUrl: 'http://localhost:8025',
      apiUrl: 'http://localhost:8025/v1',
      isLoopbackTrusted: true,
      tries: [...thingsToTry(createAddress)],
      ...facts,
    },
    demoKey: { secret: 'cvk_secret', file: `${process.cwd()}/data/demo-api-key.txt`, isNew: true },
    ...more,
  }
}

const said = (text: string) => stripVTControlCharacters(text)

it('shows the key once and afterwards only where it is kept', () => {
  const { demoKey } = ready()
  expect(said(banner(ready(), 1))).toContain('cvk_secret  kept in data/demo-api-key.txt')
  const later = said(banner(ready({ demoKey: { ...demoKey, isNew: false } }), 1))
  expect(later).not.toContain('cvk_secret')
  expect(later).toContain('in data/demo-api-key.txt')
})

it('warns of trusted loopback mail only while it is trusted', () => {
  expect(said(banner(ready(), 1))).toContain('DEVELOPMENT SETTING')
  expect(said(banner(ready({}, { isLoopbackTrusted: false }), 1))).not.toContain('DEVELOPMENT SETTING')
})

it('says where mail goes', () => {
  expect(said(banner(ready(), 1))).toContain('every mail it sends ends here')
  expect(said(banner(ready({}, { relayHost: 'relay.example.com' }), 1))).toContain('mail goes out by relay.example.com')
})

it('says of each default port that was taken where it listens instead', () => {
  expect(portNotes(ready())).toEqual([])
  expect(portNotes(ready({ httpMovedFrom: 8025, httpPort: 40_001 })).map(said)).toEqual([
    'Port 8025 is taken by another program: HTTP listens on 40001 instead (CONVOKE_HTTP_PORT chooses a port).',
  ])
})
