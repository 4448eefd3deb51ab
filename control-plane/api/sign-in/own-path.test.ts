import { describe, expect, it } from 'vitest'
import { ownPath, signInPath } from './own-path.ts'

const good: readonly (readonly [string, string])[] = [
  ['/licences', '/licences'],
  ['/licences?after=a%2Fb&limit=2', '/licences?after=a%2Fb&limit=2'],
  ['/checkout/back?licenceId=lic_1', '/checkout/back?licenceId=lic_1'],
  ['/licences/../passkeys', '/passkeys'],
  ['/a?to=//evil.example', '/a?to=//evil.example'],
  ['/a@evil.example', '/a@evil.example'],
  ['/licences#part', '/licences'],
]

const bad: readonly string[] = [
  '',
  'licences',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/%2f%2fevil.example',
  '/%2Fevil.example',
  '/%5cevil.example',
  '%2f%2fevil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  '/x/%2e%2e//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/licences\r\nset-cookie: a=b',
  ' /licences',
  'javascript:alert(1)',
  'data:text/html,x',
  'https://evil.example',
  'https:evil.example',
  'http://own.invalid/licences',
  '//user@evil.example',
  'https://localhost:8026@evil.example',
  '@evil.example',
  '/\u2028/evil.example',
  '/sign-in',
  '/sign-in?to=/sign-in',
  '/sign-in/link/abc',
  '/sign-out',
  `/${'a'.repeat(500)}`,
]

describe('where the sign-in goes on to', () => {
  it.each(good)('a page of ours: %s', (asked, path) => {
    expect(ownPath(asked)).toBe(path)
    expect(new URL(path, 'http://localhost:8026').origin).toBe('http://localhost:8026')
  })

  it.each(bad)('nothing else: %j', (asked) => {
    expect(ownPath(asked)).toBeUndefined()
    expect(signInPath(asked)).toBe('/sign-in')
  })

  it('keeps what was asked for in the address of the sign-in', () => {
    expect(signInPath('/licences?limit=2')).toBe('/sign-in?to=%2Flicences%3Flimit%3D2')
  })
})
