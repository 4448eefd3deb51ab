import { describe, expect, it } from 'vitest'
import { forwardableText } from './forwardable-text.ts'

const token = '3f8q0xw2n5c7d9e1g4h6j8k0mv'
const link = `https://go.events.example.net/answer/${token}${'0a'.repeat(32)}/yes`

describe('what was written by hand', () => {
  it.each([
    ['quoted with >', `I come by train.\n\nBob\n\n> Yes: ${link}`],
    [
      'Gmail',
      `I come by train.\n\nBob\n\nOn Tue, 24 Nov 2026 at 10:00, Ana Diaz <r-${token}@events.example.net>\nwrote:\n\nYes: ${link}`,
    ],
    [
      'Apple Mail',
      `I come by train.\n\nBob\n\nAm 24.11.2026 um 10:00 schrieb Ana Diaz <r-${token}@x.example>:\n\nYes: ${link}`,
    ],
    [
      'Outlook',
      `I come by train.\n\nBob\n\nFrom: Ana Diaz <r-${token}@x.example>\nSent: Tuesday\nTo: Bob\n\nYes: ${link}`,
    ],
    ['Outlook, with its line', `I come by train.\n\nBob\n\n________________________________\nYes: ${link}`],
    ['old Outlook', `I come by train.\n\nBob\n\n-----Original Message-----\nYes: ${link}`],
  ])('is parted from the mail that is answered: %s', (_, text) => {
    expect(forwardableText({ text })).toBe('I come by train.\n\nBob')
  })

  it('holds no link or address that acts in his name, however it got there', () => {
    const spoken = forwardableText({
      text: `See ${link} or r-${token}@events.example.net, or ${'0a'.repeat(48)}.\nBob`,
    })
    expect(spoken).not.toMatch(/[0-9a-z]{20}/i)
    expect(spoken).toBe('See […] or […] or […]\nBob')
  })

  it('of a mail in HTML alone is its text, without what it quotes', () => {
    const html = `<div>I come <b>by train</b> &amp; bus</div><div>Bob</div><blockquote><a href="${link}">Yes</a></blockquote>`
    expect(forwardableText({ text: ' \n', html })).toBe('I come by train & bus\nBob')
  })

  it('may be nothing', () => {
    expect(forwardableText({})).toBeUndefined()
    expect(forwardableText({ text: '> only a quote' })).toBeUndefined()
  })

  it('is cut to a letter, also of a text made to be slow', () => {
    expect(forwardableText({ text: 'word '.repeat(20_000) })?.length).toBeLessThanOrEqual(4000)
    expect(forwardableText({ text: `on ${'a'.repeat(60_000)}` })).toHaveLength(4000)
    expect(forwardableText({ text: `on ${'a1'.repeat(30_000)}` })).toBe('on […]')
    expect(forwardableText({ text: 'Donaudampfschifffahrtsgesellschaft https://example.com/agenda' })).toContain(
      'fahrts',
    )
    expect(forwardableText({ text: 'on a\n'.repeat(15_000) })?.length).toBeLessThanOrEqual(4000)
  })
})
