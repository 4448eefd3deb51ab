/** What is no JSON, by the type it is sent as: a list as it is uploaded, and a calendar. */
export const FILE_EXAMPLES: Readonly<Record<string, unknown>> = {
  'text/csv': 'email,name\r\nbob@example.com,Bob\r\ncarol@example.com,Carol\r\n',
  'text/plain': 'bob@example.com\ncarol@example.com\n',
  'text/calendar': [
    'BEGIN:VCALENDAR',
    'PRODID:-//Convoke//Convoke 1.0//EN',
    'VERSION:2.0',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    'DTSTART:20270305T090000Z',
    'DTEND:20270305T100000Z',
    'DTSTAMP:20270201T080000Z',
    'ORGANIZER;CN="Ana Diaz":mailto:ana@example.com',
    'UID:evt_01jd0fq2t4w6y8a0c2e4g6j8m0@events.example.com',
    'SEQUENCE:0',
    'STATUS:CONFIRMED',
    'SUMMARY:Quarterly review',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n'),
  'multipart/form-data': { file: 'email,name\r\nbob@example.com,Bob\r\n' },
}
