import { describe, expect, it } from 'vitest'
import { readReport } from './read-report.ts'

const SEND_ID = 'snd_chk_01abc-12-1'

/** A report with these lines of our mail's header returned, as MTAs write them: CRLF. */
function report(
  returned: readonly string[],
  more: { readonly own?: readonly string[]; readonly status?: string } = {},
) {
  const { own = [], status = '5.1.1' } = more
  const lines = [
    'From: MAILER-DAEMON@mx.example.org',
    'Message-ID: <report-1@mx.example.org>',
    ...own,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    '',
    'Final-Recipient: rfc822; bob@example.org',
    'Action: failed',
    `Status: ${status}`,
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    ...returned,
    '--b--',
    '',
  ]
  return readReport(Buffer.from(lines.join('\r\n'), 'latin1'))
}

const failed = { sendId: SEND_ID, kind: 'delivery_status', action: 'failed', status: '5.1.1' }

describe('a report is about the mail that', () => {
  it.each([
    ['our own header names', [`X-Convoke-Send-Id: ${SEND_ID}`]],
    ['its Message-ID names, where other headers were left out', [`Message-ID: <${SEND_ID}@events.example.net>`]],
    ['its Message-ID names on a folded line', ['Message-Id:', ` <${SEND_ID}@events.example.net>`]],
    [
      'our own header names, when something on the way has written another Message-ID',
      ['Message-ID: <snd_other-0-1@relay.example.net>', `X-Convoke-Send-Id: ${SEND_ID}`],
    ],
  ])('%s', (_, returned) => {
    expect(report(returned)).toEqual(failed)
  })

  it('it answers, when nothing of the mail came back (RFC 6522 §3: that part is optional)', () => {
    expect(report([], { own: [`In-Reply-To: <${SEND_ID}@events.example.net>`] })).toEqual(failed)
    expect(report([], { own: [`References: <${SEND_ID}@events.example.net>`] })).toEqual(failed)
  })
})

it('without a mail of ours, or without a status, says nothing', () => {
  expect(report([])).toBeUndefined()
  expect(
    report(['Message-ID: <someone@events.example.net>', `Subject: <${SEND_ID}@events.example.net>`]),
  ).toBeUndefined()
  expect(report([`Message-ID: <${SEND_ID}>`])).toBeUndefined()
  expect(report([`X-Convoke-Send-Id: ${SEND_ID}`], { status: 'none' })).toBeUndefined()
})
