import { describe, expect, it } from 'vitest'
import { anchoredAt, nextRenewal } from './periods.ts'

const at = (text: string) => Date.parse(`${text}Z`) / 1000
const said = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19)

describe('renewals from an anchor', () => {
  it.each([
    ['2027-01-31T09:00:00', 'month', 1, '2027-02-28T09:00:00'],
    ['2027-01-31T09:00:00', 'month', 2, '2027-03-31T09:00:00'],
    ['2027-01-31T09:00:00', 'month', 13, '2028-02-29T09:00:00'],
    ['2028-02-29T23:59:59', 'year', 1, '2029-02-28T23:59:59'],
    ['2028-02-29T23:59:59', 'year', 4, '2032-02-29T23:59:59'],
    ['2026-12-31T00:00:00', 'week', 2, '2027-01-14T00:00:00'],
    ['2026-12-31T00:00:00', 'day', 1, '2027-01-01T00:00:00'],
  ] as const)('%s by %s × %i is %s', (anchor, interval, count, expected) => {
    expect(said(anchoredAt(at(anchor), interval, count))).toBe(expected)
  })

  it('follow one another without gap or repetition, whatever the day', () => {
    for (let day = 0; day < 400; day += 1) {
      const anchor = at('2027-01-01T12:00:00') + day * 86_400
      let last = anchor
      for (let count = 1; count <= 14; count += 1) {
        const next = nextRenewal(anchor, 'month', 1, last)
        expect(next).toBe(anchoredAt(anchor, 'month', count))
        last = next
      }
    }
  })
})
