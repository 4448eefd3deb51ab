import { expect, it } from 'vitest'
import type { Authentication } from '../authentication.ts'
import { decideIdentity } from './decide-identity.ts'

const passed: Authentication = {
  spf: 'PASS',
  dkim: 'PASS',
  dmarc: 'PASS',
  spam: 'PASS',
  virus: 'PASS',
  envelopeFrom: 'x@attacker.example.net',
  dkimDomains: ['attacker.example.net'],
  isTrustedLoopback: false,
}

const kindOf = (from: string, authorDomain?: string) =>
  decideIdentity({
    authentication: { ...passed, ...(authorDomain === undefined ? {} : { authorDomain }) },
    from: [{ address: from }],
    replyTo: [],
    organizer: undefined,
  }).kind

it('believes a DMARC PASS only of the domain it was evaluated for', () => {
  expect(kindOf('ana@firm.example.org', 'firm.example.org')).toBe('authenticated')
  expect(kindOf('ana@firm.example.org', 'attacker.example.net')).toBe('needs_confirmation')
  expect(kindOf('ana@firm.example.org', 'example.org')).toBe('needs_confirmation')
  expect(kindOf('ana@firm.example.org', '')).toBe('needs_confirmation')
})

it('compares domains in any case and script, and takes silence for no agreement', () => {
  expect(kindOf('ana@bücher.example.org', 'XN--BCHER-KVA.example.org.')).toBe('authenticated')
  expect(kindOf('ana@firm.example.org')).toBe('needs_confirmation')
})
